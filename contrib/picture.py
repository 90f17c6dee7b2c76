#!/usr/bin/env python3
"""Draws what a program printed in color on a terminal as an SVG picture.

    COLUMNS=80 jian query --color always --format pretty -n 3 三次握手 |
        contrib/picture.py '$ jian query 三次握手' > docs/query.svg

The first argument is the line that was typed. Knows the escapes that jian writes: bold, dim and
the eight colors.
"""

import re
import sys
import unicodedata
from html import escape

CELL_PX = 9.0  # width of a column at FONT_PX in common monospaced fonts: 0.6 em
FONT_PX = 15
WIDE_FONT_PX = 16.5  # a little air between characters of two columns
LINE_PX = 22
PAD_PX = 20
BAR_PX = 34  # the title bar with its three dots

BACKGROUND, TEXT, FAINT = "#1e2127", "#d7dae0", "#8b929e"
COLORS = {30: "#5c6370", 31: "#f0716b", 32: "#8cc570", 33: "#e5c07b", 34: "#61afef",
          35: "#c678dd", 36: "#56b6c2", 37: TEXT}
ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")


def columns(char):
    """How many columns a character takes on a terminal."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def runs(line):
    """Cuts a line into pieces of one style: [text, columns before, columns, style, width]."""
    style, at, found = (TEXT, False), 0, []
    pieces = ESCAPE.split(line)
    for i, piece in enumerate(pieces):
        if i % 2:
            for code in piece.split(";"):
                code = int(code or 0)
                if code == 0:
                    style = (TEXT, False)
                elif code == 1:
                    style = (style[0], True)
                elif code == 2:
                    style = (FAINT, style[1])
                elif code in COLORS:
                    style = (COLORS[code], style[1])
            continue
        for char in piece:
            wide = columns(char)
            last = found[-1] if found else None
            # Wide characters stand alone, each in its own two columns: their fonts are not as
            # wide as two columns of the other's.
            if last and last[3] == style and (wide == 0 or wide == 1 == last[4]):
                last[0] += char
                last[2] += wide
            else:
                found.append([char, at, wide, style, wide])
            at += wide
    return found


def main():
    typed = sys.argv[1]
    lines = [f"\x1b[32m{typed[:1]}\x1b[0m\x1b[1m{typed[1:]}\x1b[0m", ""]
    lines += sys.stdin.read().rstrip("\n").split("\n")
    cols = max(sum(run[2] for run in runs(line)) for line in lines)
    width = round(2 * PAD_PX + max(cols, 80) * CELL_PX)
    height = BAR_PX + PAD_PX + len(lines) * LINE_PX + 4
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
          f'width="{width}" height="{height}" font-size="{FONT_PX}" '
          "font-family=\"ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',"
          "'Noto Sans Mono CJK SC','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',monospace\">")
    print(f'<rect width="{width}" height="{height}" rx="10" fill="{BACKGROUND}"/>')
    for i, color in enumerate(["#ff5f56", "#ffbd2e", "#27c93f"]):
        print(f'<circle cx="{22 + 20 * i}" cy="20" r="6" fill="{color}"/>')
    for number, line in enumerate(lines):
        y = BAR_PX + PAD_PX + number * LINE_PX + 4
        spans, before = [], None
        for text, at, _, style, wide in runs(line):
            if not text.strip():
                continue
            lead = len(text) - len(text.lstrip(" "))
            x = PAD_PX + (at + lead) * CELL_PX
            size = f' font-size="{WIDE_FONT_PX}"' if wide == 2 else ""
            span = f'<tspan x="{x:g}"{size}>{escape(text.strip(" "))}</tspan>'
            if style != before:
                weight = ' font-weight="bold"' if style[1] else ""
                close = "</text>" if spans else ""
                span = f'{close}<text y="{y}" fill="{style[0]}"{weight}>{span}'
                before = style
            spans.append(span)
        if spans:
            print("".join(spans) + "</text>")
    print("</svg>")


main()
