"""The motifs of animals, real and told of."""

from __future__ import annotations

from banmao.demo.pigments import (
    EARTH,
    PAPER,
    STRAW,
    Sheet,
    area,
    around,
    disc,
    line,
    mirrored,
    moved,
    number,
    oval,
    polar,
    swell,
    turned,
)


def fox(sheet: Sheet) -> str:
    p = sheet.palette
    tail = area("M0 0C-15-30-16-70 0-100C16-70 15-30 0 0z", EARTH) + area(
        "M0-100C-8-86-12-74-11-64C-4-70 4-70 11-64C12-74 8-86 0-100z", PAPER
    )
    tail += line("M0-4C-15-30-16-70 0-100C16-70 15-30 0-4", p.veil, 1.4)
    tails = moved(0, 60, around(9, tail, first=-82, span=164), scale=1.12)
    body = area("M0-20C20-4 30 30 26 74H-26C-30 30-20-4 0-20z", EARTH) + line("M-9 74V50M9 74V50", p.deep, 1.8)
    chest = area("M0-4C10 6 12 28 0 46C-12 28-10 6 0-4z", PAPER)
    head = mirrored(
        area("M0-62C10-62 18-58 22-51L29-80C34-60 36-44 28-30C20-16 8-6 0 2z", EARTH),
        area("M25-59L28-72C31-60 31-52 28-46z", p.deep),
        area("M0-12C10-26 20-30 28-29C20-15 8-6 0 2z", PAPER),
        area("M8-31C12-37 18-37 22-35C18-29 12-27 8-31z", p.deep),
    )
    return sheet.figure(disc(0, -6, 82, p.veil), tails, body, chest, head, oval(0, 0, 4.6, 3.4, p.deep), size=0.86)


def tiger(sheet: Sheet) -> str:
    p = sheet.palette
    coat = p.accent if p.accent != p.main else EARTH
    half = mirrored(
        disc(48, -48, 20, coat) + disc(48, -48, 11, p.deep),
        area("M0-66C38-66 70-40 70-2C70 10 84 16 74 26C80 36 66 42 58 44C46 62 20 70 0 70z", coat),
        area("M0 26C16 8 40 10 44 30C46 52 20 62 0 62z", p.main),
        area("M70-14L44-8L69 0z", p.deep),
        area("M74 24L48 18L70 34z", p.deep),
        area("M60-38L38-26L67-26z", p.deep),
        oval(29, -7, 13, 9.5, p.main),
        disc(27, -6, 5.4, p.deep),
        line("M15-22C24-29 36-28 42-21", p.deep, 4),
        line("M0 32V42C6 50 18 50 24 43", p.deep, 3),
        line("M30 36L62 30M30 41L62 42", p.deep, 1.4),
    )
    brow = line("M-15-58H15M-11-46H11M-17-34H17M0-58V-34", p.deep, 5)
    return sheet.figure(half, brow, area("M-12 20H12C10 30 4 33 0 33C-4 33-10 30-12 20z", p.deep), size=0.95)


def elephant(sheet: Sheet) -> str:
    p = sheet.palette
    cloth = area("M-22-72C-12-80 12-80 22-72L16-34L0-20L-16-34z", p.accent) + line(
        "M-15-66L-11-38L0-28L11-38L15-66", p.main, 1.8
    )
    half = mirrored(
        area("M26-46C56-72 88-46 80-4C76 22 50 34 36 18z", p.soft),
        area("M34-38C54-54 72-36 68-8C64 8 50 14 40 6z", p.veil),
        area("M0-66C34-66 46-38 42-6C40 16 26 26 22 40H0z", p.main),
        disc(24, -12, 4.2, p.deep),
        line("M17-20C22-25 29-24 32-19", p.deep, 2),
        area("M18 34C26 48 40 54 54 46C46 64 24 64 12 48z", p.main),
        line("M20 38C28 50 40 54 52 48", p.deep, 1.2),
    )
    trunk = area("M-22 20C-22 50-16 66-12 78C-8 90 8 92 14 82C18 75 12 68 6 72C8 60 20 50 22 20z", p.main)
    folds = line("M-16 36C-6 41 6 41 16 36M-14 48C-6 53 5 53 13 48M-12 60C-6 64 2 64 8 60", p.deep, 1.6)
    return sheet.figure(half, trunk, folds, cloth, disc(0, -48, 6, p.main), size=0.92)


def bird(sheet: Sheet) -> str:
    p = sheet.palette
    feather = (
        area("M0 0C-9-30-12-70 0-96C12-70 9-30 0 0z", p.soft)
        + oval(0, -76, 7, 11, p.accent)
        + disc(0, -78, 3.6, p.deep)
    )
    train = moved(-12, 14, around(6, feather, first=186, span=94), scale=1.02)
    body = area(
        "M-30 26C-32-2-4-18 24-30C28-50 40-60 54-58C63-57 68-51 68-45L84-38L66-34C60-18 58 8 34 24C12 38-16 40-30 26z",
        p.main,
    )
    wing = area("M-24 22C-40 8-38-14-20-22C-2-28 12-16 30-16C30 6 10 28-24 22z", p.accent) + line(
        "M-26 8C-12 14 8 10 22-4M-28-4C-14 2 4 0 20-10", p.main, 1.8
    )
    crest = "".join(
        line(f"M52-58C{50 + i * 3}-68 {48 + i * 9}-74 {46 + i * 13}-82", p.accent, 2.4)
        + disc(46 + i * 13, -84, 3.2, p.accent)
        for i in range(3)
    )
    return sheet.figure(disc(4, -2, 80, p.veil), train, crest, body, wing, disc(55, -47, 3, p.deep), size=0.92)


def fish(sheet: Sheet) -> str:
    p = sheet.palette
    body = area("M-6-80C36-66 52-20 34 18C26 36 14 46 8 58C4 44-8 38-20 26C-52-6-46-58-6-80z", p.main)
    tail = area("M8 50C22 58 42 62 54 84C36 80 26 80 12 88C10 80-4 78-24 84C-18 66-8 58 8 50z", p.accent)
    fins = area("M38-20C58-18 66 0 66 16C54 10 44 12 34 14z", p.accent) + area(
        "M-42-16C-62-12-70 6-68 22C-58 14-46 14-34 12z", p.accent
    )
    scales = "".join(
        line(f"M{x - 9} {y}a9 9 0 0 0 18 0", p.soft if p.soft != p.main else p.veil, 1.8)
        for row, y in enumerate((-28, -15, -2, 11, 24))
        for x in ([-18, 0, 18] if row % 2 == 0 else [-9, 9])
    )
    face = line("M-30-42C-14-32 16-32 30-42", p.deep, 2) + disc(-17, -54, 5, p.deep) + disc(15, -56, 5, p.deep)
    whiskers = line("M-10-78C-20-90-30-88-34-80M2-78C12-92 22-90 26-82", p.accent, 2)
    return sheet.figure(turned(16, fins, tail, body, scales, face, whiskers), size=0.9) + swell(
        sheet, 26, p.deep, p.soft
    )


def monkey(sheet: Sheet) -> str:
    p = sheet.palette
    fur = around(28, area("M-9-58L0-84L9-58z", EARTH))
    half = mirrored(
        disc(62, 4, 17, EARTH) + disc(62, 4, 9, STRAW),
        area("M0-60C40-60 62-34 60 2C58 42 30 66 0 66z", EARTH),
        area("M0-8C10-38 46-38 46-6C46 8 38 14 36 26C34 48 18 56 0 56z", STRAW),
        oval(21, -8, 10, 8, PAPER),
        disc(20, -7, 4.4, p.deep),
        line("M9-20C16-28 28-27 34-18", p.deep, 3),
        line("M2 20C4 24 8 24 10 21", p.deep, 2.6),
        line("M0 42C12 42 22 36 27 28", p.deep, 3),
    )
    band = area("M-58-34C-30-58 30-58 58-34L54-24C28-46-28-46-54-24z", p.accent)
    plumes = mirrored(line("M10-50C14-74 30-88 54-90", p.accent, 4), disc(55, -90, 4.5, p.main))
    mark = area("M0-40L7-32L0-24L-7-32z", p.main)
    return sheet.figure(disc(0, 0, 84, p.veil), fur, half, plumes, band, disc(0, -48, 8, p.main), mark, size=0.86)


def naga(sheet: Sheet) -> str:
    p = sheet.palette
    hood = area("M0 0C-19-22-21-62-2-86L0-96L4-85C21-62 19-22 0 0z", p.main)
    head = (
        hood
        + area("M0-20C-8-34-9-58 0-72C9-58 8-34 0-20z", p.soft)
        + disc(-5, -74, 2.4, p.deep)
        + disc(6, -74, 2.4, p.deep)
    )
    crown = moved(0, 24, around(7, head, first=-72, span=144), scale=1.04)
    body = area("M-30 20C-34 50-22 62-14 90H14C22 62 34 50 30 20C16 2-16 2-30 20z", p.main)
    bands = "".join(
        line(f"M{-24 + i * 1.6} {30 + i * 11}C-8 {37 + i * 11} 8 {37 + i * 11} {24 - i * 1.6} {30 + i * 11}", p.deep, 2)
        for i in range(6)
    )
    jewel = area("M0 2L10 14L0 28L-10 14z", p.accent)
    return sheet.figure(disc(0, -6, 82, p.veil), crown, body, bands, jewel, size=0.88) + swell(
        sheet, 22, p.deep, p.soft
    )


def shell(sheet: Sheet) -> str:
    p = sheet.palette
    points = [polar(4 + 66 * (i / 110) ** 1.15, i * 9.4) for i in range(111)]
    spiral = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
    ribs = "".join(
        line(
            "M{} {}L{} {}".format(
                *(number(v) for v in (*polar(30 + i * 1.6, i * 24 + 20), *polar(44 + i * 1.9, i * 24 + 27)))
            ),
            p.accent,
            1.6,
        )
        for i in range(14)
    )
    body = area(
        (
            "M0-74C46-74 76-40 74 0C72 44 40 70 6 74C-6 84-22 92-40 90C-30 82-34 74-42 64C-72 50-80"
            " 10-66-26C-54-56-28-74 0-74z"
        ),
        p.main,
    )
    return sheet.figure(body, ribs, line(spiral, p.deep, 4.5), size=0.95) + swell(sheet, 30, p.deep, p.soft)


def horse(sheet: Sheet) -> str:
    p = sheet.palette
    neck = area(
        (
            "M-58 90C-60 40-36 8-22-20C-18-34-10-48 4-56L8-78L20-60C38-52 48-34 58-12C66 4 76 12 74 24C72"
            " 36 58 40 48 32C38 26 28 20 16 20C14 44 34 62 40 90z"
        ),
        p.main,
    )
    mane = "".join(
        area(
            (
                f"M{-2 - i * 9} {-56 + i * 19}C{-26 - i * 7} {-62 + i * 17} {-44 - i * 5} {-46 + i * 18}"
                f" {-52 - i * 4} {-26 + i * 20}C{-36 - i * 5} {-34 + i * 19} {-20 - i * 8} {-32 + i * 19}"
                f" {-12 - i * 8} {-26 + i * 18}z"
            ),
            p.accent if i % 2 else p.soft,
        )
        for i in range(6)
    )
    bridle = line("M16 20C24 4 30-14 34-46M46-14C52-6 52 8 48 32M34-30C40-24 44-20 46-14M14 20L-30 66", p.deep, 3.4)
    eye = oval(26, -30, 5, 4, p.deep) + disc(66, 20, 2.6, p.deep)
    return sheet.figure(
        disc(0, 4, 80, p.veil), mane, neck, bridle, disc(47, -13, 5, p.accent), disc(15, 20, 5, p.accent), eye, size=0.9
    )
