"""The motifs made by hands: buildings, boats, instruments, vessels, cloth."""

from __future__ import annotations

from banmao.demo.pigments import (
    Sheet,
    area,
    around,
    block,
    cloud,
    disc,
    line,
    mirrored,
    moved,
    number,
    oval,
    petal,
    ridge,
    ring,
    swell,
    turned,
)


def pavilion(sheet: Sheet) -> str:
    p = sheet.palette
    roof = area("M0-26C10-10 30-2 66 0C62 5 58 8 54 9C30 7 12 4 0 4z", p.deep) + line(
        "M0-26C10-10 30-2 68 0", p.accent, 2.4
    )
    pillars = "".join(block(x, 0, 5, 40, p.main) for x in (3, 20, 38))
    rail = line("M0 30H46M0 37H46", p.main, 2)
    storey = mirrored(block(0, 2, 48, 40, p.veil), pillars, rail, roof)
    crown = disc(0, -84, 5, p.accent) + line("M0-80V-70", p.accent, 3)
    steps = block(-60, 70, 120, 7, p.main) + block(-72, 77, 144, 7, p.soft)
    figure = sheet.figure(
        disc(8, -22, 60, p.soft),
        moved(0, -46, storey, scale=0.78),
        crown,
        moved(0, 6, storey, scale=1.1),
        block(-54, 50, 108, 20, p.deep),
        steps,
        size=0.95,
    )
    return figure + cloud(44, sheet.height - 30, 1, p.veil) + cloud(168, sheet.height - 14, 1.2, p.veil)


def stupa(sheet: Sheet) -> str:
    p = sheet.palette
    tiers = "".join(block(-70 + i * 9, 62 - i * 9, 140 - i * 18, 9, p.main if i % 2 else p.soft) for i in range(4))
    bell = area("M-36 26C-36 10-30-14-17-22C-12-26-11-32-10-36H10C11-32 12-26 17-22C30-14 36 10 36 26z", p.main)
    bands = line("M-33 6H33M-35 14H35", p.accent, 2.6)
    rings = "".join(block(-9 + i * 1.1, -42 - i * 6, 18 - i * 2.2, 5, p.accent) for i in range(6))
    spire = area("M-3-76L0-100L3-76z", p.accent) + disc(0, -101, 2.8, p.main)
    small = mirrored(moved(62, 62, area("M-11 0C-11-14-7-20-3-24L0-42L3-24C7-20 11-14 11 0z", p.soft)))
    return sheet.figure(disc(0, -14, 62, p.veil), small, tiers, bell, bands, rings, spire, size=0.92) + ridge(
        sheet, [20, 26, 34, 30, 34, 24, 22], p.deep
    )


def boat(sheet: Sheet) -> str:
    p = sheet.palette
    x, y = sheet.centre
    hull = area("M-74 34C-50 44 40 44 78 22C74 46 56 62 36 66H-40C-58 62-70 50-74 34z", p.deep) + line(
        "M-70 42C-46 51 42 50 74 32", p.accent, 2.6
    )
    sails = ""
    for mast, tall, wide in ((-26, 74, 40), (24, 92, 50)):
        sail = (
            f"M{mast} 34L{mast} {34 - tall}C{mast + wide * 0.7} {34 - tall * 0.9} {mast + wide}"
            f" {34 - tall * 0.4} {mast + wide * 0.84} 30z"
        )
        battens = "".join(
            line(f"M{mast} {30 - tall * f}L{mast + wide * g} {26 - tall * f * 0.92}", p.veil, 1.6)
            for f, g in ((0.2, 0.86), (0.4, 0.84), (0.6, 0.72), (0.8, 0.48))
        )
        sails += area(sail, p.main) + battens + line(f"M{mast} 40V{28 - tall}", p.deep, 3)
    flag = area("M24-64L40-70L24-76z", p.accent)
    sea = swell(sheet, sheet.height - y - 42, p.deep, p.soft)
    return disc(x - 26, y - 34, 34, p.soft) + sheet.figure(sails, flag, hull) + sea


def mask(sheet: Sheet) -> str:
    p = sheet.palette
    tiers = "".join(
        mirrored(
            area(
                (
                    f"M0 {-34 - i * 15}H{46 - i * 10}C{44 - i * 10} {-46 - i * 15} {34 - i * 9} {-48 - i * 15} 0"
                    f" {-48 - i * 15}z"
                ),
                p.accent if i % 2 == 0 else p.soft,
            )
        )
        for i in range(4)
    )
    half = mirrored(
        area("M44-20C62-30 74-14 66 4C60 12 52 12 46 8z", p.accent),
        area("M0-40C36-40 54-20 52 12C50 46 26 74 0 78z", p.main),
        line("M8-12C18-22 34-20 44-10", p.deep, 4.2),
        area("M10 4C20-6 34-4 42 4C32 12 18 12 10 4z", p.deep),
        disc(26, 4, 3.4, p.main),
        line("M0 32C4 34 8 33 10 29", p.deep, 3),
        area("M0 46C8 42 14 46 26 43C20 56 10 60 0 60z", p.accent),
        line("M28 30C34 34 34 42 30 46", p.deep, 2),
    )
    jewel = area("M0-34L8-24L0-12L-8-24z", p.accent) + line("M-46-36C-16-30 16-30 46-36", p.deep, 3)
    return sheet.figure(disc(0, 0, 82, p.veil), tiers, area("M-3-92L0-106L3-92z", p.accent), half, jewel, size=0.86)


def keris(sheet: Sheet) -> str:
    p = sheet.palette
    blade = area(
        (
            "M0 92C-12 78 10 66-5 54C-20 42 4 32-9 20C-22 8-6-4-18-16L-24-26H24L18-16C8-4 22 8 9 20C-4 32"
            " 20 42 5 54C-8 66 12 78 0 92z"
        ),
        p.main,
    )
    damask = line("M0 82C-5 72 7 64 0 54C-10 42 6 32-1 20C-9 8 5-4 0-18", p.veil, 2.2)
    guard = area("M-48-24C-34-36 24-38 40-32C32-20 6-20-48-24z", p.accent)
    hilt = area("M-8-32C-12-48-26-56-24-72C-22-88 2-98 20-88C10-86 4-80 8-70C14-58 12-46 10-32z", p.accent) + line(
        "M-16-68C-6-72 2-68 6-60M-9-44H10", p.deep, 2.2
    )
    halo = around(16, area(petal(80, 9), p.veil))
    return sheet.figure(halo, turned(28, blade, damask, guard, hilt), size=0.98)


def fan(sheet: Sheet) -> str:
    p = sheet.palette
    leaf = area("M0 40C-62 30-78-30-40-66C-30-78-12-72 0-92C12-72 30-78 40-66C78-30 62 30 0 40z", p.main)
    veins = mirrored(
        *(
            line(
                f"M0 {36 - i * 15}C{14 + i * 3} {22 - i * 18} {30 + i * 2} {4 - i * 14} {52 - i * 6} {-6 - i * 14}",
                p.soft,
                1.8,
            )
            for i in range(5)
        )
    )
    edge = line("M0 40C-62 30-78-30-40-66C-30-78-12-72 0-92C12-72 30-78 40-66C78-30 62 30 0 40", p.accent, 3)
    handle = line("M0-78V84", p.deep, 5) + disc(0, 86, 6, p.accent) + line("M0 90C-4 98 6 102 0 110", p.accent, 2.4)
    wind = mirrored(
        line("M56 46C72 40 84 50 78 60C74 66 66 62 68 56", p.soft, 2.6), line("M40 62C54 62 62 72 56 80", p.soft, 2.4)
    )
    return sheet.figure(turned(12, leaf, veins, edge, handle), wind, size=0.9)


def lute(sheet: Sheet) -> str:
    p = sheet.palette
    body = area("M-7-40C-12-14-44 8-44 46C-44 76-24 90 0 90C24 90 44 76 44 46C44 8 12-14 7-40z", p.main)
    neck = block(-7, -88, 14, 56, p.deep, 2) + area("M-7-86C-16-92-14-102-4-104L10-98L7-86z", p.deep)
    pegs = mirrored(line("M7-80H22M7-68H22", p.accent, 4))
    strings = "".join(line(f"M{x} -84L{x * 1.8} 62", p.deep, 1.1) for x in (-4, -1.4, 1.4, 4))
    frets = "".join(line(f"M-6 {y}H6", p.soft, 1.6) for y in range(-60, -20, 10)) + "".join(
        line(f"M{-8 - i} {-8 + i * 9}H{8 + i}", p.accent, 2) for i in range(5)
    )
    bridge = block(-19, 60, 38, 6, p.deep, 2) + mirrored(area("M17 28C26 30 30 40 24 50C26 42 22 36 17 28z", p.deep))
    return sheet.figure(disc(6, 4, 80, p.veil), turned(24, body, neck, pegs, frets, strings, bridge), size=0.88)


def flute(sheet: Sheet) -> str:
    p = sheet.palette
    pipe = block(-98, -10, 196, 20, p.main, 6) + "".join(block(x, -10.8, 5, 21.6, p.deep) for x in (-82, -44, 88))
    holes = "".join(oval(x, 0, 5, 4.2, p.deep) for x in (-64, -14, 8, 28, 48, 68))
    cord = line("M78-30C92-14 74 2 84 20", p.accent, 2.6) + moved(
        84, 22, *(line(f"M0 0L{x} 34", p.accent, 2.2) for x in (-7, -3.5, 0, 3.5, 7)), disc(0, 0, 5, p.accent)
    )
    breath = "".join(
        line(
            (
                f"M{-84 + i * 12} {-30 - i * 13}C{-44 + i * 8} {-58 - i * 10} {-14 + i * 6} {-4 - i * 15}"
                f" {36 + i * 8} {-40 - i * 10}"
            ),
            colour,
            3.4 - i * 0.5,
        )
        for i, colour in enumerate((p.soft, p.main, p.soft, p.veil))
    )
    return sheet.figure(disc(0, 4, 78, p.veil), breath, turned(-26, pipe, holes), cord, size=0.86)


def gong(sheet: Sheet) -> str:
    p = sheet.palette
    frame = line("M-70 86V-72C-40-84 40-84 70-72V86M-84 86H-56M56 86H84", p.deep, 7) + mirrored(
        disc(72, -76, 6, p.accent)
    )
    cords = line("M-26-78L-18-42M26-78L18-42", p.main, 2.4)
    rims = "".join(ring(0, 6, radius, p.deep, 1.8) for radius in (50, 42, 34))
    return sheet.figure(
        frame, cords, disc(0, 6, 55, p.accent), rims, disc(0, 6, 18, p.main), ring(0, 6, 10, p.deep, 1.6), size=0.92
    )


def drum(sheet: Sheet) -> str:
    """The face of a bronze drum, with its star of twelve rays and a round of flying birds."""
    p = sheet.palette
    star = around(12, area("M-6.500-10L0-32L6.500-10z", p.main)) + disc(0, 0, 11.5, p.main)
    gaps = around(12, area("M-3-24L0-31L3-24z", p.soft), first=15)
    heron = area("M-12-54C-8-60 0-62 6-60L16-63L8-57C4-53-2-52-4-49L-6-53z", p.accent)
    teeth = around(48, line("M0-72V-67", p.main, 1.8))
    dots = around(40, disc(0, -41, 1.9, p.soft))
    rims = "".join(ring(0, 0, radius, p.soft, 1.3) for radius in (36, 46, 65, 74))
    return sheet.figure(
        disc(0, 0, 84, p.deep), ring(0, 0, 80, p.main, 2.4), teeth, rims, dots, around(10, heron), gaps, star, size=0.96
    )


def bowl(sheet: Sheet) -> str:
    p = sheet.palette
    cup = area("M-58 6H58C56 42 34 62 22 66H-22C-34 62-56 42-58 6z", p.main) + block(-20, 66, 40, 8, p.main, 2)
    rim = oval(0, 6, 58, 11, p.soft) + oval(0, 7, 50, 8, p.accent)
    pattern = "".join(line(f"M{-42 + i * 21} 34c5-9 16-9 21 0", p.veil, 2.2) for i in range(4)) + line(
        "M-48 44C-20 52 20 52 48 44", p.veil, 2
    )
    steam = "".join(
        line(f"M{x} -8C{x - 16} -28 {x + 16} -42 {x} {top}", p.soft, 3.2)
        for x, top in ((-22, -66), (2, -84), (26, -66))
    )
    return sheet.figure(oval(0, 76, 74, 7, p.deep), steam, cup, pattern, rim)


def brush(sheet: Sheet) -> str:
    p = sheet.palette
    ink = area(
        (
            "M-6-70C40-76 76-40 74 0C72 44 34 76-6 74C-48 70-78 36-72-8C-70-30-58-48-44-58C-52-38-60-16-56"
            " 6C-52 36-28 56 0 58C34 58 58 32 58 0C58-34 34-58-6-58C-14-58-14-68-6-70z"
        ),
        p.soft,
    )
    shaft = turned(
        34,
        block(-4.500, -104, 9, 110, p.main, 2),
        block(-6, 2, 12, 12, p.accent, 2),
        area("M-7 14H7C10 30 6 44 0 58C-6 44-10 30-7 14z", p.deep),
        line("M0-104C8-112-2-118 4-124", p.accent, 2),
    )
    return sheet.figure(ink, moved(14, 6, shaft), size=0.94)


def batik(sheet: Sheet) -> str:
    """Kawung: four ovals around each crossing, as on the cloth of Java."""
    p = sheet.palette
    rounds = []
    for row, y in enumerate(range(int(sheet.head) - 10, int(sheet.height) + 34, 34)):
        for x in range(0 if row % 2 else 34, 234, 68):
            kawung = "".join(
                turned(a, oval(0, -21, 11, 18, p.main), oval(0, -21, 6, 12, p.veil), line("M0-27V-15", p.accent, 2))
                for a in (45, 135, 225, 315)
            )
            rounds.append(moved(x, y, kawung, disc(0, 0, 3.4, p.accent), scale=0.78))
    return "".join(rounds)


def gourd(sheet: Sheet) -> str:
    p = sheet.palette
    body = area(
        "M0-52C22-52 30-34 24-18C20-8 22 0 32 8C50 22 50 78 0 80C-50 78-50 22-32 8C-22 0-20-8-24-18C-30-34-22-52 0-52z",
        p.main,
    )
    shade = line("M34 24C44 44 34 66 14 72M14-42C22-36 22-26 18-18", p.soft, 3.4)
    stalk = line("M0-52C-2-64 8-70 4-82", p.deep, 4) + area("M4-72C20-88 40-84 46-72C32-66 16-64 4-72z", p.deep)
    ribbon = line("M-23-6C-8 2 8 2 23-6", p.accent, 5) + line(
        "M-20-4C-40 6-36 22-50 34M-18-2C-30 10-26 28-34 44", p.accent, 2.6
    )
    herbs = mirrored(*(turned(a, area(petal(84, 8), p.veil)) for a in (32, 62, 92)))
    return sheet.figure(herbs, body, shade, stalk, ribbon, size=0.95)


def lantern(sheet: Sheet) -> str:
    p = sheet.palette
    body = oval(0, 0, 58, 50, p.main)
    ribs = "".join(
        f'<ellipse rx="{number(rx)}" ry="50" fill="none" stroke="{p.accent}" stroke-width="1.8"/>'
        for rx in (14, 32, 48)
    )
    caps = block(-24, -57, 48, 11, p.accent, 2) + block(-24, 46, 48, 11, p.accent, 2)
    hook = line("M0-57V-92M-16-92H16", p.deep, 3)
    tassel = (
        line("M0 57V70", p.accent, 3)
        + "".join(line(f"M0 70L{x} 104", p.accent, 2) for x in (-9, -4.5, 0, 4.5, 9))
        + disc(0, 70, 5, p.accent)
    )
    glow = around(20, line("M0-74V-84", p.soft, 2))
    return sheet.figure(glow, body, ribs, caps, hook, tassel, size=0.82)
