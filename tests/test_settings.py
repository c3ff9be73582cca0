"""mktanalytics.toml: every key optional, unknown ones told with the nearest."""

from __future__ import annotations

import pytest

from mktanalytics.errors import SettingsError
from mktanalytics.settings import FileRule, Settings, load_settings, project_root


def write(tmp_path, text: str):
    path = tmp_path / "mktanalytics.toml"
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_there_are_defaults(tmp_path):
    assert load_settings(tmp_path / "mktanalytics.toml") == Settings()


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
        ('fiscal_year_start = "April"', "int"),
        ("own_brands = [", "TOML"),
        ('[[files]]\nfile = "a.xlsx"', "reason missing"),
        ('own_brands = "清泉"', "a list"),
        ('aliases = "流水"', "a table"),
        ("methods = 3", "a table"),
        ('files = "旧.xlsx"', "a list"),
        ('language = "fr"', "'zh' or 'en'"),
        ("fiscal_year_start = 13", "unknown choice"),
        ('[methods]\nshare_basis = "valu"', "'value' or 'volume'"),
    ],
)
def test_what_is_not_understood_is_told(tmp_path, text, told):
    with pytest.raises(SettingsError, match=told):
        load_settings(write(tmp_path, text))


def test_the_project_root_is_found_from_below(tmp_path):
    write(tmp_path, "")
    below = tmp_path / "notebooks" / "explore"
    below.mkdir(parents=True)
    assert project_root(below) == tmp_path
