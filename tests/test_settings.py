"""mktanalytics.toml: every key optional, unknown ones told with the nearest."""

from __future__ import annotations

import re

import pytest

from mktanalytics.errors import SettingsError
from mktanalytics.metrics.budget import year_methods
from mktanalytics.metrics.sales.price_volume_mix import CONVENTIONS
from mktanalytics.settings import FileRule, Settings
from mktanalytics.settings_checks import CHOICES
from mktanalytics.settings_file import language_wished, load_settings, project_root

RENAME = """[[renames]]
column = "region"
was = "西部"
now = ["西南", "西北"]
since = "2026-01"
reason = "大区调整"
"""


def write(tmp_path, text: str):
    path = tmp_path / "mktanalytics.toml"
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_there_are_defaults(tmp_path):
    assert load_settings(tmp_path / "mktanalytics.toml") == Settings()


def test_a_settings_file_that_was_named_must_be_there(tmp_path, monkeypatch):
    monkeypatch.setenv("MKTANALYTICS_SETTINGS", str(tmp_path / "misspelt.toml"))
    with pytest.raises(SettingsError, match=r"misspelt\.toml"):
        load_settings()


def test_everything_a_company_may_say_is_read(tmp_path):
    settings = load_settings(
        write(
            tmp_path,
            'own_brands = ["清泉"]\nlanguage = "en"\n[thresholds]\npace_low = 1\n[methods]\npace = "months"\n'
            '[aliases.sales]\namount = ["流水"]\n[[files]]\nfile = "旧*.xlsx"\nignore = true\nreason = "重复上报"\n',
        )
    )
    assert settings.own_brands == ("清泉",)
    assert settings.thresholds.pace_low == 1.0
    assert settings.methods.pace == "months"
    assert settings.aliases["sales"]["amount"] == ("流水",)
    assert settings.files == (FileRule(file="旧*.xlsx", reason="重复上报", ignore=True),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('own_brand = ["清泉"]', "own_brands"),
        ("[thresholds]\npace_lo = 0.8", "pace_low"),
        ('fiscal_year_start = "April"', "a whole number"),
        ("own_brands = [", "TOML"),
        ('[[files]]\nfile = "a.xlsx"', "reason missing"),
        ('own_brands = "清泉"', "a list"),
        ('aliases = "流水"', "a table"),
        ("methods = 3", "a table"),
        ('files = "旧.xlsx"', "a list"),
        ('own_brands = ["清泉", 3]', "text in quotes"),
        ("own_brands = [[]]", "text in quotes"),
        ('language = "fr"', "'zh', 'en'"),
        ("fiscal_year_start = 13", "unknown choice"),
        ('[methods]\nshare_basis = "valu"', "perhaps 'value'"),
        ('currency = "RMB"', "perhaps 'CNY'"),
        ('currency = "usd"', "perhaps 'USD'"),
        ("[methods]\ninterval = 95", "between 0 and 1"),
        ("[methods]\nscore_floor = 60", "from 0 to 1"),
        ('[methods]\nbudget_forecast = "mean"', "perhaps 'mean_of_bf'"),
        ("[thresholds]\npace_low = 1.05", "pace_low = 1.05, pace_high = 1, pace_over = 1.1"),
        ("[thresholds]\noccupancy_warning = 1.2", "occupancy_warning ≤ occupancy_freeze"),
        ("[thresholds]\nsmall_base_grey = 20", "small_base_hide ≤ small_base_grey"),
        ('[thresholds]\ngrades = [["良", 80], ["优", 90]]', "best first"),
        ('[thresholds]\ngrades = [["优", 90], ["优", 80]]', "each name once"),
        ("[thresholds]\ngrades = []", "best first"),
        ('[thresholds]\ngrades = [["优", "90"]]', "a number"),
        ('[thresholds]\ngrades = ["优"]', "a pair"),
        ('[aliases.sale]\namount = ["流水"]', "perhaps 'sales'"),
        ('[aliases.sales]\namont = ["流水"]', "perhaps 'amount'"),
        ('[aliases.sales]\namount = "流水"', "a list"),
        ('[values.regions]\n"华东大区" = "华东"', "perhaps 'region'"),
        ('[values.region]\n"华东大区" = 3', "text in quotes"),
        (
            '[[files]]\nfile = "a.xlsx"\nreason = "无年份"\nmonth = "2026-13"',
            "a.xlsx: not a month; found '2026-13'",
        ),
        ('[[files]]\nfile = "a.xlsx"\nreason = "x"\ntable = "sale"', "perhaps 'sales'"),
        ('[[files]]\nfile = "a.xlsx"\nreason = "x"\nheader_row = -1', "from 1"),
        (RENAME.replace("region", "regoin"), "perhaps 'region'"),
        (RENAME.replace("2026-01", "2026"), "西部: not a month; found '2026'"),
        (RENAME.replace('["西南", "西北"]', '"西南"'), "a list"),
        (RENAME.replace('["西南", "西北"]', "[]"), "says no change"),
        (RENAME.replace('reason = "大区调整"', ""), "reason missing"),
        (RENAME + 'until = "2025-01"', "no earlier than since"),
    ],
)
def test_what_is_not_understood_is_told(tmp_path, text, told):
    with pytest.raises(SettingsError) as caught:
        load_settings(write(tmp_path, text))
    assert told in caught.value.sentence("en")
    assert "mktanalytics.toml" in caught.value.sentence("zh")
    assert re.search("[一-鿿]", caught.value.sentence("zh"))


def test_the_choices_are_those_of_the_metrics():
    assert set(CHOICES["methods"]["budget_forecast"]) == set(year_methods.METHODS)
    assert set(CHOICES["methods"]["pvm_year"]) == set(CONVENTIONS)
    for part, choices in CHOICES.items():
        held = getattr(Settings(), part) if part else Settings()
        assert all(getattr(held, name) in allowed for name, allowed in choices.items())


def test_the_language_asked_for_is_known_though_the_rest_is_wrong(tmp_path):
    assert language_wished(write(tmp_path, 'language = "en"\nown_brand = 3')) == "en"
    assert language_wished(write(tmp_path, "language = [")) == "zh"


def test_the_project_root_is_found_from_below(tmp_path):
    write(tmp_path, "")
    below = tmp_path / "notebooks" / "explore"
    below.mkdir(parents=True)
    assert project_root(below) == tmp_path


def test_every_line_the_settings_file_offers_can_be_switched_on(root, tmp_path):
    offered = (root / "mktanalytics.toml").read_text("utf-8").splitlines()
    lines = [line.removeprefix("# ") for line in offered if "=" in line or line.startswith("# [")]
    load_settings(write(tmp_path, "\n".join(lines)))
