"""The motifs of landscape and plants, and the table of all motifs that a work's file may name."""

from __future__ import annotations

import math
from collections.abc import Callable

from banmao.demo import crafts, creatures
from banmao.demo.pigments import (
    Sheet,
    area,
    around,
    block,
    cloud,
    disc,
    line,
    moved,
    number,
    oval,
    petal,
    ridge,
    ring,
    swell,
    turned,
)


def mountains(sheet: Sheet) -> str:
    p, h = sheet.palette, sheet.height
    return (
        disc(146, h * 0.3 + sheet.head * 0.35, 25, p.accent)
        + ridge(sheet, [h * f for f in (0.44, 0.55, 0.47, 0.41, 0.52, 0.40, 0.49, 0.43)], p.veil)
        + ridge(sheet, [h * f for f in (0.38, 0.30, 0.41, 0.46, 0.33, 0.37, 0.30, 0.42, 0.36)], p.main)
        + ridge(sheet, [h * f for f in (0.16, 0.29, 0.21, 0.17, 0.27, 0.33, 0.20, 0.17, 0.26, 0.21)], p.deep)
        + swell(sheet, 52, p.deep, p.ground)
    )


def waves(sheet: Sheet) -> str:
    p, h = sheet.palette, sheet.height
    return (
        disc(140, h * 0.36 + sheet.head * 0.3, 27, p.accent)
        + cloud(96, h * 0.36 + sheet.head * 0.3 + 22, 1, p.veil)
        + swell(sheet, h * 0.46, p.veil, p.soft)
        + swell(sheet, h * 0.24, p.deep, p.soft)
    )


def flames(sheet: Sheet) -> str:
    p, h = sheet.palette, sheet.height
    tongue = "c-34-44 10-66-4-{0} 44 34 26 60 40 88c4-12 2-22-4-34 26 22 24 62-2 88z"
    tongues = (
        (18, 96, p.deep),
        (60, 128, p.accent),
        (142, 110, p.deep),
        (104, 152, p.deep),
        (170, 84, p.soft),
        (96, 84, p.soft),
    )
    return ring(150, h * 0.27 + sheet.head * 0.4, 19, p.main, 3.5) + "".join(
        area(f"M{x} {number(h + 12)}{tongue.format(tall)}", colour) for x, tall, colour in tongues
    )


def moon(sheet: Sheet) -> str:
    p, h = sheet.palette, sheet.height
    x, y = sheet.centre
    return (
        disc(x + 8, y - h * 0.08, 56, p.main)
        + cloud(x - 34, y - h * 0.08 + 30, 1.1, p.veil)
        + cloud(x + 58, y - h * 0.08 - 16, 0.9, p.soft)
        + ridge(sheet, [h * f for f in (0.24, 0.30, 0.2, 0.16, 0.22, 0.27)], p.veil)
        + ridge(sheet, [h * f for f in (0.10, 0.13, 0.2, 0.17, 0.09, 0.12)], p.deep)
        + oval(x + 8, h - 12, 46, 3, p.main)
        + oval(x + 2, h - 5, 26, 2, p.main)
    )


def sun(sheet: Sheet) -> str:
    p = sheet.palette
    rays = around(24, area("M-3.4-46L0-78L3.4-46z", p.soft)) + around(24, area("M-2-44L0-62L2-44z", p.main), first=7.5)
    return sheet.figure(rays, disc(0, 0, 40, p.main), disc(0, 0, 31, p.accent), ring(0, 0, 22, p.main, 2))


def stars(sheet: Sheet) -> str:
    p, h = sheet.palette, sheet.height
    dipper = ((-62, 34), (-40, 18), (-20, 22), (2, 6), (12, 40), (52, 30), (50, -8))
    order = (*dipper[:4], dipper[6], dipper[5], dipper[4], dipper[3])
    path = "M" + "L".join(f"{x} {y}" for x, y in order)
    dust = "".join(
        disc(24 + i * i * 31 % 169, sheet.head + 16 + i * i * i * 17 % (h - sheet.head - 76), 0.8 + i % 3 * 0.5, p.soft)
        for i in range(48)
    )
    sparks = "".join(
        moved(x, y, around(4, area("M-2.4 0L0-11L2.4 0z", p.accent)), disc(0, 0, 3, p.main)) for x, y in dipper
    )
    return dust + sheet.figure(line(path, p.soft, 1.6), sparks) + ridge(sheet, [20, 34, 22, 42, 26, 18, 30], p.deep)


def lotus(sheet: Sheet) -> str:
    p = sheet.palette
    back = moved(0, 26, around(7, area(petal(92, 21), p.soft), first=-72, span=144))
    front = moved(0, 30, around(5, area(petal(74, 21), p.main) + line("M0-16V-54", p.veil, 1.4), first=-50, span=100))
    heart = area("M-15 24C-15 8 15 8 15 24C8 32-8 32-15 24z", p.accent)
    water = "".join(oval(0, 44 + i * 12, 78 - i * 18, 3.4, p.veil) for i in range(3))
    leaf = area("M-84 40C-60 20-24 26 0 38C24 26 60 20 84 40C50 56-50 56-84 40z", p.deep)
    return sheet.figure(disc(0, -16, 62, p.veil), water, back, leaf, front, heart)


def frangipani(sheet: Sheet) -> str:
    p = sheet.palette
    bloom = around(
        5,
        area("M0 0C-24-8-25-44-6-56C14-54 20-22 0 0z", p.main) + area("M0 0C-10-8-10-24-3-30C6-26 7-10 0 0z", p.accent),
    )
    leaves = "".join(
        turned(a, area(petal(96, 15), p.deep), line("M0-10V-84", p.veil, 1.4)) for a in (-62, -8, 58, 128, 196, 248)
    )
    return sheet.figure(
        leaves,
        moved(16, -24, bloom, scale=1.02),
        moved(-34, 32, turned(28, bloom), scale=0.74),
        moved(44, 52, turned(-20, bloom), scale=0.58),
    )


def blossom(sheet: Sheet) -> str:
    p, h = sheet.palette, sheet.height
    y = h * 0.86
    top = max(h * 0.24, sheet.head + 30)
    bough = line(
        (
            f"M30 {number(h + 6)}C50 {number(y - 20)} 96 {number(y - 50)} 104 {number((y + top) / 2)}C110"
            f" {number(top + 30)} 146 {number(top + 10)} 172 {number(top - 6)}"
        ),
        p.deep,
        6,
    )
    twig = line(
        (
            f"M88 {number(y - 48)}C120 {number(y - 50)} 144 {number(y - 40)} 168 {number(y - 62)}M106"
            f" {number((y + top) / 2 - 10)}C84 {number((y + top) / 2 - 26)} 78 {number(top + 46)} 84"
            f" {number(top + 28)}"
        ),
        p.deep,
        3.6,
    )
    flower = (
        around(5, area("M0 0C-13-6-13-24 0-29C13-24 13-6 0 0z", p.main))
        + around(5, line("M0 0V-12", p.accent, 1.2), first=36)
        + disc(0, 0, 3.8, p.accent)
    )
    bud = oval(0, -6, 5, 8, p.main) + area("M-5-1C-3 4 3 4 5-1z", p.veil)
    spots = (
        (170, top, 1.05),
        (132, top + 26, 0.72),
        (160, y - 60, 0.95),
        (118, y - 46, 0.62),
        (100, (y + top) / 2 + 6, 0.9),
        (84, top + 34, 0.78),
        (66, y - 22, 0.6),
    )
    buds = ((148, top - 4, 24), (184, top + 26, 60), (140, y - 52, -20), (74, y - 36, -40))
    return (
        disc(128, (y + top) / 2 - 6, 58, p.veil)
        + bough + twig
        + "".join(moved(x, by, turned(a, bud)) for x, by, a in buds)
        + "".join(moved(x, fy, turned(x * 7 % 72, flower), scale=s) for x, fy, s in spots)
    )  # fmt: skip


def bamboo(sheet: Sheet) -> str:
    p, h = sheet.palette, sheet.height
    canes = []
    for x, width, colour in ((150, 15, p.soft), (120, 10, p.veil), (178, 9, p.veil)):
        joints = "".join(
            line(f"M{x - width / 2 - 1} {y}h{width + 2}", p.ground, 2.4) for y in range(int(x) % 40 - 10, int(h), 46)
        )
        canes.append(block(x - width / 2, -4, width, h + 8, colour, 3) + joints)
    leaf = area("M0 0C-7-16-6-38 0-56C6-38 7-16 0 0z", p.main)
    top = max(sheet.head, h * 0.12)
    sprays = ((146, top + 34, 0.9), (110, top + 96, 1.0), (168, h - 76, 0.95), (88, h - 40, 0.8))
    spray = "".join(turned(a, leaf) for a in (118, 152, 186, 222))
    return (
        disc(86, h * 0.62, 46, p.accent) + "".join(canes) + "".join(moved(x, y, spray, scale=s) for x, y, s in sprays)
    )


def palm(sheet: Sheet) -> str:
    p, h = sheet.palette, sheet.height
    top = sheet.head + (h - sheet.head) * 0.36
    fan = around(13, area("M0 0L-3.600-38L0-50L3.600-38z", p.main), first=-110, span=220)
    trunks = line(
        f"M96 {number(h)}C100 {number(h * 0.8)} 92 {number(h * 0.7)} 100 {number(top + 14)}", p.deep, 7
    ) + line(f"M152 {number(h)}C150 {number(h * 0.85)} 160 {number(h * 0.78)} 154 {number(top + 58)}", p.deep, 5)
    fruit = "".join(disc(x, top + 18, 5, p.accent) for x in (92, 101, 110))
    return (
        disc(128, top + 26, 50, p.veil)
        + ridge(sheet, [h * f for f in (0.2, 0.24, 0.2, 0.16, 0.2, 0.23)], p.soft)
        + trunks + moved(100, top + 12, fan, scale=1.05) + fruit + moved(154, top + 56, fan, scale=0.72)
        + ridge(sheet, [h * f for f in (0.09, 0.07, 0.1, 0.12, 0.09, 0.1)], p.deep)
    )  # fmt: skip


def rice(sheet: Sheet) -> str:
    p, h = sheet.palette, sheet.height
    fields = "".join(
        ridge(sheet, [h * (0.46 - i * 0.085) + 9 * math.sin(j * 1.1 + i * 1.7) for j in range(8)], colour)
        for i, colour in enumerate((p.veil, p.soft, p.main, p.soft, p.deep))
    )
    grain = "".join(
        oval(side * (4 + i * 0.5), -92 + i * 8, 3, 6, p.accent, side * 34) for i in range(7) for side in (-1, 1)
    ) + oval(0, -100, 3, 6, p.accent)
    ear = line("M0 0V-92", p.accent, 1.8) + grain
    return (
        disc(134, h * 0.36 + sheet.head * 0.2, 24, p.accent)
        + fields
        + moved(96, h + 8, turned(-10, ear)) + moved(120, h + 10, turned(6, ear)) + moved(146, h + 12, turned(20, ear))
    )  # fmt: skip


MOTIFS: dict[str, Callable[[Sheet], str]] = {
    motif.__name__: motif
    for motif in (
        *(mountains, waves, flames, moon, sun, stars, rice),
        *(lotus, frangipani, blossom, bamboo, palm),
        *(creatures.fox, creatures.tiger, creatures.elephant, creatures.bird, creatures.fish, creatures.monkey),
        *(creatures.naga, creatures.horse, creatures.shell),
        *(crafts.pavilion, crafts.stupa, crafts.boat, crafts.mask, crafts.keris, crafts.fan, crafts.lute, crafts.flute),
        *(crafts.gong, crafts.drum, crafts.bowl, crafts.brush, crafts.batik, crafts.gourd, crafts.lantern),
    )
}
