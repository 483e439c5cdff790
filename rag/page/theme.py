"""The colours and shapes of Gradio's own components; `style.css` has those of the page's parts."""

from __future__ import annotations

import gradio as gr

# System fonts by name: a theme's default fonts may be fetched from the network. `style.css` puts
# the generic families, which Gradio would quote, in front of these.
SANS = ("Segoe UI", "Helvetica Neue", "Liberation Sans", "Arial")
MONO = ("Menlo", "Consolas", "Liberation Mono")


def theme() -> gr.themes.Base:
    """A calm theme with fonts of the machine only."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.stone,
        radius_size=gr.themes.sizes.radius_md,
        font=[gr.themes.Font(name) for name in SANS],
        font_mono=[gr.themes.Font(name) for name in MONO],
    ).set(
        body_background_fill="#fbfaf8",
        body_background_fill_dark="#171614",
        body_text_color="#24211d",
        body_text_color_dark="#e9e5de",
        input_background_fill="#ffffff",
        input_background_fill_dark="#211f1c",
        input_border_color="#cfc8bd",
        input_border_color_dark="#4a463f",
        input_border_width="1px",
        button_primary_background_fill="#0f5f5c",
        button_primary_background_fill_hover="#0b4a48",
        button_primary_background_fill_dark="#2b8f8a",
        button_primary_background_fill_hover_dark="#37a7a1",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#0d1514",
    )
