"""Transcripts in five scripts over the sample's clips: those with hum are misheard, the others nearly right."""

from __future__ import annotations

import numpy as np
import pandas as pd

SENTENCES = {
    "arabic": (
        "ذهب الولد إلى المدرسة في الصباح",
        "أين تقع أقرب محطة قطار من هنا",
        "أريد كوبا من الماء البارد من فضلك",
    ),
    "hebrew": (
        "הילד הלך לבית הספר בבוקר",
        "איפה נמצאת תחנת הרכבת הקרובה",
        "אני רוצה כוס מים קרים בבקשה",
    ),
    "hindi": ("लड़का सुबह स्कूल गया था", "नज़दीकी रेलवे स्टेशन कहाँ है", "मुझे ठंडे पानी का गिलास चाहिए"),
    "mandarin": ("今天早上孩子去学校上课", "最近的火车站在哪里请问", "我想要一杯冰水谢谢你"),
    "thai": ("เด็กไปโรงเรียนตอนเช้า", "สถานีรถไฟที่ใกล้ที่สุดอยู่ที่ไหน", "ขอน้ำเย็นหนึ่งแก้วครับ"),
}
REPLACED, LEFT_OUT = 0.25, 0.07
"""Shares of the words, or characters, of a misheard clip."""
MISHEARD_ELSEWHERE = 0.05


def table_of(script: str, table: pd.DataFrame, is_misheard: pd.Series) -> pd.DataFrame:
    """The table with references and predictions in a script, alike at every call."""
    rng = np.random.default_rng(0)
    references = [SENTENCES[script][i % len(SENTENCES[script])] for i in range(len(table))]
    predictions = [
        _misheard(text, rng) if bad or rng.random() < MISHEARD_ELSEWHERE else text
        for text, bad in zip(references, is_misheard, strict=True)
    ]
    columns = table.drop(columns="prediction_base")
    return columns.assign(sentence=references, prediction=predictions)


def _misheard(text: str, rng: np.random.Generator) -> str:
    between = " " if " " in text else ""
    units = text.split(" ") if between else list(text)
    heard = []
    for unit in units:
        chance = rng.random()
        if chance < REPLACED:
            heard.append(units[rng.integers(len(units))])
        elif chance > REPLACED + LEFT_OUT:
            heard.append(unit)
    return between.join(heard)
