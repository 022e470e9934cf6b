"""What software centres show of StackGUI, from the project's own description of itself."""

from __future__ import annotations

import time
from xml.sax.saxutils import escape

import control
import environment

ID = "io.github.stackgui.stackgui"

SUMMARIES = {
    "": "Turn folders of pictures into one NumPy array",
    "de": "Aus Ordnern voller Bilder ein NumPy-Array machen",
    "es": "Convertir carpetas de imágenes en una matriz de NumPy",
    "fr": "Transformer des dossiers d’images en un tableau NumPy",
    "ja": "画像のフォルダーを 1 つの NumPy 配列にまとめます",
    "pt_BR": "Transformar pastas de imagens em uma matriz do NumPy",
    "zh_CN": "将图片文件夹转换为一个 NumPy 数组",
}

PARAGRAPHS = (
    """StackGUI turns folders of pictures, however many and of whatever sizes, into one NumPy array on disk.
    Pick folders, see what is in them and what padding costs, see whether it fits in memory, and press one
    button.""",
    """The result is a folder that opens with np.load. No programming is needed, and damaged pictures do not
    stop it. Labels, boxes and masks come along; a finished stack can be looked into, corrected, brought up to
    date and handed over in many formats.""",
)

SCREENSHOTS = {
    "window.png": "What was found, the plan, and the memory it will take",
    "pictures.png": "How each picture will lie in its row",
    "finished.png": "A finished stack, and what to do with it",
}

TEMPLATE = """\
<?xml version="1.0" encoding="UTF-8"?>
<component type="desktop-application">
  <id>{id}</id>
  <metadata_license>CC0-1.0</metadata_license>
  <project_license>MIT</project_license>
  <name>StackGUI</name>
{summaries}
  <description>
{paragraphs}
  </description>
  <launchable type="desktop-id">stackgui.desktop</launchable>
  <icon type="stock">stackgui</icon>
  <categories>
    <category>Science</category>
    <category>ImageProcessing</category>
  </categories>
  <developer id="io.github.stackgui">
    <name>StackGUI developers</name>
  </developer>
  <url type="homepage">{homepage}</url>
  <url type="bugtracker">{homepage}/issues</url>
  <screenshots>
{screenshots}
  </screenshots>
  <provides>
    <binary>stackgui</binary>
    <mediatype>application/x-stackgui-project</mediatype>
    <mediatype>application/x-stackgui-plan</mediatype>
    <mediatype>application/x-stackgui-stack</mediatype>
  </provides>
  <supports>
    <control>pointing</control>
    <control>keyboard</control>
  </supports>
  <content_rating type="oars-1.1"/>
  <releases>
    <release version="{version}" date="{date}"/>
  </releases>
</component>
"""


def _summary(language: str) -> str:
    marked = f' xml:lang="{language}"' if language else ""
    return f"  <summary{marked}>{escape(SUMMARIES[language])}</summary>"


def _screenshot(name: str, caption: str, raw: str) -> str:
    marked = ' type="default"' if name == next(iter(SCREENSHOTS)) else ""
    return (
        f"    <screenshot{marked}>\n"
        f"      <caption>{escape(caption)}</caption>\n"
        f"      <image>{raw}/main/resources/screenshots/{name}</image>\n"
        "    </screenshot>"
    )


def text(date: int) -> str:
    """Write the file; `date` is that of the release, in seconds since 1970."""
    homepage = environment.homepage()
    raw = homepage.replace("https://github.com", "https://raw.githubusercontent.com")
    pictures = [_screenshot(name, caption, raw) for name, caption in SCREENSHOTS.items()]
    return TEMPLATE.format(
        id=ID,
        homepage=homepage,
        version=control.version(),
        date=time.strftime("%Y-%m-%d", time.gmtime(date)),
        summaries="\n".join(map(_summary, SUMMARIES)),
        paragraphs="\n".join(f"    <p>{escape(' '.join(each.split()))}</p>" for each in PARAGRAPHS),
        screenshots="\n".join(pictures),
    )
