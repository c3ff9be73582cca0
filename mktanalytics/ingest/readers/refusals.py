"""Why a file can't be read, in the words of its reader: one entry a reason, Chinese and English."""

from __future__ import annotations

from copy import copy
from typing import NamedTuple

from mktanalytics.errors import FileError


class Refusal(NamedTuple):
    """What is wrong and what to do about it; `{detail}` is what was found in this file."""

    zh: str
    en: str
    todo_zh: str
    todo_en: str


_SAVE_AGAIN = (
    "用 Excel 或 WPS 打开，另存为 .xlsx 后重新放入",
    "open it in Excel or WPS, save it as .xlsx and put it back",
)

REFUSALS = {
    "skipped": Refusal(
        "不是数据文件，已跳过：{detail}", "not a data file, skipped: {detail}", "无需处理", "nothing"
    ),
    "missing": Refusal(
        "文件不存在", "the file isn't there", "检查路径和文件名", "check the path and the name"
    ),
    "locked": Refusal(
        "无法打开，文件被占用或没有读取权限",
        "it can't be opened: another program holds it, or you may not read it",
        "关闭正在使用它的程序，或检查读取权限，再运行一次",
        "close the program that has it open, or check its permissions, and run again",
    ),
    "empty_file": Refusal(
        "文件是空的（0 字节）",
        "the file is empty (0 bytes)",
        "重新导出或重新复制这个文件",
        "export or copy the file again",
    ),
    "protected": Refusal(
        "文件有打开密码{detail}",
        "the workbook is password-protected{detail}",
        "在 Excel 中取消打开密码；或加 --ask-password 输入密码，或用环境变量 MKTANALYTICS_PASSWORD 提供",
        "remove the password in Excel; or type it with --ask-password, or set the environment variable MKTANALYTICS_PASSWORD",
    ),
    "wrong_password": Refusal(
        "密码打不开这个文件",
        "the password doesn't open this workbook",
        "核对环境变量 MKTANALYTICS_PASSWORD，或在 Excel 中取消打开密码",
        "check the environment variable MKTANALYTICS_PASSWORD, or remove the password in Excel",
    ),
    "company_encrypted": Refusal(
        "文件被企业加密软件加密（{detail}）",
        "the file is encrypted by a company's document protection ({detail})",
        "在已授权的电脑上解密后再放入",
        "decrypt it on an authorised computer and put it back",
    ),
    "too_large": Refusal(
        "文件太大：{detail}",
        "the file is too large: {detail}",
        "删去不需要的工作表或行列，或拆成几个文件",
        "delete sheets, rows or columns that aren't needed, or split it into several files",
    ),
    "suspicious": Refusal(
        "文件内容异常，可能有害：{detail}",
        "the file looks harmful: {detail}",
        "确认来源；" + _SAVE_AGAIN[0],
        "make sure where it comes from; " + _SAVE_AGAIN[1],
    ),
    "far_cell": Refusal(
        "{detail} 有内容，离数据太远",
        "{detail} holds something far away from the data",
        "删除该单元格所在的整行整列后保存",
        "delete the whole row and column of that cell and save",
    ),
    "not_a_workbook": Refusal(
        "不是工作簿，而是{detail}",
        "not a workbook but {detail}",
        "把数据另存为 .xlsx 或 .csv 后放入",
        "save the data as .xlsx or .csv and put it back",
    ),
    "not_what_it_says": Refusal(
        "扩展名与内容不符，实际是{detail}",
        "not what its name says: it is {detail}",
        "用正确的扩展名保存；如果本应是表格，请重新导出为 .xlsx",
        "save it under its right extension; if it should be a table, export it again as .xlsx",
    ),
    "broken": Refusal("文件已损坏：{detail}", "the file is broken: {detail}", *_SAVE_AGAIN),
    "encoding": Refusal(
        "认不出文字编码：{detail}",
        "its text encoding isn't known: {detail}",
        "另存为 UTF-8 编码的 .csv",
        "save it as .csv in UTF-8",
    ),
    "crashed": Refusal(
        "读取时读取程序崩溃（文件可能已损坏或过大）",
        "it made the reader crash (it is broken or too large)",
        *_SAVE_AGAIN,
    ),
    "memory": Refusal(
        "读取所需内存超过 {detail}",
        "reading it needs more memory than {detail}",
        "删去不需要的工作表或行列，或拆成几个文件",
        "delete sheets, rows or columns that aren't needed, or split it into several files",
    ),
    "timeout": Refusal(
        "{detail} 秒内没有读完，已中止",
        "not read within {detail} s, given up",
        "删去不需要的工作表、格式或公式，或拆成几个文件",
        "delete sheets, formats or formulas that aren't needed, or split it into several files",
    ),
}


def refuse(code: str, detail_zh: str = "", detail_en: str = "") -> FileError:
    """The error for this reason; who catches it knows the file and adds it with `located`."""
    text = REFUSALS[code]
    return FileError(
        (text.zh.format(detail=detail_zh), text.en.format(detail=detail_en or detail_zh)),
        code=code,
        todo=(text.todo_zh, text.todo_en),
    )


def located(error: FileError, file: str) -> FileError:
    """The same error, naming its file."""
    again = copy(error)
    again.where = file
    return again
