"""Reviewed names, lists and dates, where CLDR has none, or not what the trade writes."""

from __future__ import annotations

from collections.abc import Mapping

TERRITORY_NAMES: Mapping[str, Mapping[str, str]] = {
    "zh": {"HK": "中国香港", "MO": "中国澳门", "TW": "中国台湾", "CN": "中国内地", "TL": "东帝汶"},
    "vi": {"HK": "Hồng Kông", "MO": "Ma Cao", "MM": "Myanmar"},
    "th": {"HK": "ฮ่องกง", "MO": "มาเก๊า", "MM": "เมียนมา"},
    "ms": {"HK": "Hong Kong", "MO": "Macau", "MM": "Myanmar"},
    "id": {"HK": "Hong Kong", "MO": "Makau", "MM": "Myanmar"},
    "my": {"HK": "ဟောင်ကောင်", "MO": "မကာအို"},
    "lo": {"HK": "ຮົງກົງ", "MO": "ມາເກົາ", "MM": "ມຽນມາ", "KR": "ເກົາຫຼີໃຕ້", "TL": "ຕີມໍ-ເລສເຕ"},
    "fil": {"HK": "Hong Kong", "MO": "Macau", "MM": "Myanmar"},
    "km": {"HK": "ហុងកុង", "MO": "ម៉ាកាវ", "MM": "មីយ៉ាន់ម៉ា"},
    "en": {"HK": "Hong Kong", "MO": "Macao", "MM": "Myanmar", "VN": "Viet Nam", "LA": "Laos", "CN": "Mainland China"},
}
"""ISO 3166-1 alpha-2, by the language that names it."""

LANGUAGE_NAMES: Mapping[str, Mapping[str, str]] = {
    "zh-Hans": {"zh": "简体中文"},
    "zh-Hant": {"zh": "繁体中文"},
    "kaw": {"zh": "古爪哇语", "my": "ကာဝိ", "km": "កាវិ"},
    "lzh": {
        "zh": "文言文",
        "vi": "Hán văn cổ",
        "th": "จีนโบราณ",
        "ms": "Cina Klasik",
        "id": "Tionghoa Klasik",
        "my": "ရှေးခေတ်တရုတ်",
        "lo": "ຈີນບູຮານ",
        "fil": "Klasikong Tsino",
        "km": "ចិនបុរាណ",
    },
    "mbf": {
        "zh": "峇峇马来语",
        "en": "Baba Malay",
        "vi": "Tiếng Mã Lai Baba",
        "th": "มลายูบาบา",
        "ms": "Melayu Baba",
        "id": "Melayu Baba",
        "my": "ဘာဘာမလေး",
        "lo": "ມາເລບາບາ",
        "fil": "Baba Malay",
        "km": "ម៉ាឡេបាបា",
    },
    "kjg": {
        "zh": "克木语",
        "en": "Khmu",
        "vi": "Tiếng Khơ Mú",
        "th": "ขมุ",
        "ms": "Khmu",
        "id": "Khmu",
        "my": "ခမု",
        "lo": "ກຶມມຸ",
        "fil": "Khmu",
        "km": "ខ្មុ",
    },
    "ksw": {
        "zh": "斯戈克伦语",
        "en": "S’gaw Karen",
        "vi": "Tiếng Karen S’gaw",
        "th": "กะเหรี่ยงสะกอ",
        "ms": "Karen S’gaw",
        "id": "Karen S’gaw",
        "my": "စကောကရင်",
        "lo": "ກະຫຼ່ຽງສະກໍ",
        "fil": "S’gaw Karen",
        "km": "ការែនស្គោ",
    },
    "mnw": {
        "zh": "孟语",
        "en": "Mon",
        "vi": "Tiếng Môn",
        "th": "มอญ",
        "ms": "Mon",
        "id": "Mon",
        "my": "မွန်",
        "lo": "ມອນ",
        "fil": "Mon",
        "km": "មន",
    },
    "ace": {"vi": "Tiếng Aceh", "lo": "ອາເຈ", "fil": "Aceh", "km": "អាចេ"},
    "ban": {"lo": "ບາຫຼີ", "km": "កោះបាលី"},
    "bbc": {"zh": "托巴巴塔克语", "my": "ဘာတက်တိုဘာ", "lo": "ບາຕັກໂຕບາ", "km": "បាតាក់តូបា"},
    "bik": {"my": "ဘီကို", "km": "ប៊ីកុល"},
    "bjn": {"zh": "班查语", "my": "ဘန်ဂျာ", "lo": "ບັນຈາ", "km": "បានចា"},
    "bug": {"vi": "Tiếng Bugis", "lo": "ບູກິສ", "fil": "Bugis"},
    "es": {"lo": "ແອັດສະປາຍ"},
    "fil": {"vi": "Tiếng Filipino", "ms": "Filipino"},
    "jv": {"lo": "ຊວາ"},
    "ko": {"lo": "ເກົາຫຼີ"},
    "lo": {"ms": "Lao"},
    "min": {"my": "မီနန်ကာဘောင်", "lo": "ມິນັງກາເບົາ"},
    "nan": {"id": "Min Nan", "my": "မင်နန်", "lo": "ຈີນມິນນານ", "fil": "Min Nan", "km": "ចិនមីនណាន"},
    "nl": {"lo": "ໂຮນລັງ"},
    "pi": {"km": "បាលី"},
    "pt": {"lo": "ປອກຕຸຍການ"},
    "su": {"my": "ဆွန်ဒါ", "lo": "ຊຸນດາ", "km": "ស៊ុនដា"},
}
"""BCP 47 languages of works and rights, by the language that names them."""

LISTS: Mapping[str, tuple[str, str]] = {"my": ("၊ ", " နှင့် "), "lo": (", ", " ແລະ ")}
"""What stands between the items of a list, and before its last: CLDR joins Burmese with dashes, Lao without “and”."""

LISTS_OF_NAMES = {**LISTS, "th": (", ", " และ "), "km": (", ", " និង ")}
"""The same with names of another script among the items: Thai would part them by mere spaces, both would glue “and” to them."""

DAYS: Mapping[str, Mapping[str, str]] = {"vi": {"long": "d MMMM 'năm' y", "full": "EEEE, 'ngày' d MMMM 'năm' y"}}
"""Patterns of dates, by CLDR's widths: in a Vietnamese contract the year is not set off by a comma."""

TIMES: Mapping[str, str] = {"km": "HH:mm"}
"""Patterns of times of day: Khmer pages have no use for the English AM and PM."""
