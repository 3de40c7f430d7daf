#!/usr/bin/env python3
"""Runs a command in a pseudo-terminal and writes what it leaves on the screen as an SVG picture.

    Scripts/terminal-picture.py [--rows N] [--last N] OUT.svg COMMAND [ARG ...]

The pictures in docs/images are made with it. `--last N` keeps the last N lines.
"""
import argparse
import fcntl
import html
import os
import pty
import re
import struct
import termios

COLOURS = {"31": "#e05a4f", "32": "#3f9f5f", "33": "#b58a1f", "34": "#4f86d9"}
TEXT, BACKGROUND, PROMPT = "#d7dae0", "#1d2027", "#8b93a1"


def capture(command, columns, rows):
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm-256color"
        os.environ.pop("NO_COLOR", None)
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    output = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        output += piece
    os.waitpid(child, 0)
    return output.decode("utf-8", "replace")


def lines_of(output):
    """The lines as they end up: a carriage return starts a line again."""
    return [line.rstrip("\r").split("\r")[-1].replace("\x1b[K", "").replace("\x1b[?25l", "").replace("\x1b[?25h", "")
            for line in output.rstrip("\n").split("\n")]


def spans(line):
    """(text, colour, bold) pieces of a line with SGR sequences."""
    colour, bold, start = TEXT, False, 0
    for match in list(re.finditer(r"\x1b\[([0-9;]*)m", line)) + [None]:
        text = line[start:match.start() if match else len(line)]
        if text:
            yield text, colour, bold
        if match:
            start = match.end()
            for code in (match.group(1) or "0").split(";"):
                if code == "0":
                    colour, bold = TEXT, False
                elif code == "1":
                    bold = True
                elif code in COLOURS:
                    colour = COLOURS[code]


def picture(command, lines, columns):
    width, height, left = 8.43, 19, 16
    rows = [f'<tspan fill="{PROMPT}">$ </tspan><tspan>{html.escape(command)}</tspan>']
    for line in lines:
        rows.append("".join(
            "<tspan fill=\"%s\"%s>%s</tspan>" % (colour, " font-weight=\"bold\"" if bold else "", html.escape(text))
            for text, colour, bold in spans(line)))
    total = (left * 2 + columns * width, 24 + len(rows) * height)
    texts = "\n".join(
        f'<text x="{left}" y="{26 + index * height}" xml:space="preserve">{row}</text>' for index, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total[0]:.0f}" height="{total[1]}" '
        f'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="14" fill="{TEXT}">\n'
        f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>\n{texts}\n</svg>\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--last", type=int, default=0)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    args = parser.parse_args()
    lines = lines_of(capture(args.command, 100, args.rows))
    if args.last:
        lines = ["…"] + lines[-args.last:]
    columns = max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in lines) + 2
    shown = " ".join(args.command)
    with open(args.out, "w", encoding="utf-8") as file:
        file.write(picture(shown, lines, max(columns, len(shown) + 4)))


if __name__ == "__main__":
    main()
