"""What is told for each code: how grave it is, and the sentences, in Chinese and English."""

from __future__ import annotations

from typing import NamedTuple


class Wording(NamedTuple):
    severity: str
    zh: str
    en: str
    todo_zh: str = ""
    todo_en: str = ""


class Both(str):
    """A word of a sentence in both languages: Chinese as it stands, and what the English sentence says."""

    en: str

    def __new__(cls, zh: str, en: str) -> Both:
        word = super().__new__(cls, zh)
        word.en = en
        return word

    def __reduce__(self) -> tuple[type[Both], tuple[str, str]]:
        return Both, (str(self), self.en)


# A reason in the ledger is one of these codes too. {…} is filled in by whoever tells it.
WORDINGS: dict[str, Wording] = {
    # ---- a file or sheet
    "unreadable": Wording("error", "文件无法读取：{detail}", "the file can't be read: {detail}", "换一份可打开的文件", "deliver a file that opens"),
    "internal": Wording("error", "程序处理该工作表时出错，整表隔离：{detail}", "the program failed on this sheet, which is held back: {detail}", "请把该文件发给维护人", "send this file to the maintainer"),
    "reader_note": Wording("info", "{zh}", "{en}"),
    "same_file": Wording("warning", "与 {other} 完全相同，只计一次", "the same file as {other}; counted once", "删除其中一份", "remove one of the two"),
    "replaced_by": Wording("warning", "已被更正文件 {other} 取代，本块不计入", "replaced by the corrected file {other}; not counted", "确认后可移走旧文件", "move the old file away once you agree"),
    "replaces": Wording("info", "本文件取代 {other} 中同一表、同一期间的数据", "this file replaces the same table and period of {other}"),
    "ignored_by_rule": Wording("info", "按设置忽略：{detail}", "ignored by a rule in the settings: {detail}"),
    "empty_sheet": Wording("info", "空工作表", "the sheet is empty"),
    "hidden_sheet": Wording("warning", "工作表是隐藏的，已照常读取", "the sheet is hidden; it was read all the same", "若不应计入，请在设置中忽略", "ignore it in the settings if it should not count"),
    "hidden_rows": Wording("warning", "有 {n} 个隐藏行，已照常读取", "{n} hidden rows were read all the same", "若不应计入，请删除这些行", "delete them if they should not count"),
    # ---- a block that is not data
    "no_table": Wording("warning", "不属于任何已知表（认得的表头：{known}；不认得：{unknown}）；最接近的是“{near}”，缺 {missing}", "not one of the tables (headers known: {known}; unknown: {unknown}); nearest is {near}, which lacks {missing}", "若应计入，请改用模板的表头，或在设置中补充表头别名", "if it should count, use the template's headers, or add header aliases in the settings"),
    "no_header": Wording("warning", "未找到表头", "no header row was found", "补上表头行，或在设置中指明表头行", "add a header row, or name it in the settings"),
    "notes": Wording("info", "说明文字，不是数据", "notes, not data"),
    "calculation_sheet": Wording("warning", "是本工作簿“{near}”明细的计算或看板，不另行计入", "a calculation or dashboard over the {near} rows of this workbook; not counted again"),
    "repeats": Wording("warning", "与 {other} 的行重复，只计一次", "repeats rows of {other}; counted once", "删除重复的一份", "remove the repetition"),
    "view": Wording("warning", "各月合计与 {other} 相同，是同一数据的另一汇总，不另行计入", "its monthly sums are those of {other}: another view of the same data, not counted again", "若确为另一部分数据，请放到另一文件并在设置中说明", "if it is other data, say so in the settings"),
    "converted": Wording("warning", "与 {other} 是同样的行，只是折成了另一种货币，不另行计入", "the same rows as {other} in another currency: not counted again", "若确为另一部分数据，请放到另一文件", "if it is other data, put it into a file of its own"),
    # ---- a block quarantined whole
    "headless_rows": Wording("error", "有数据行，但没有表头：{columns}", "rows of data without a header: {columns}", "在数据上方补一行表头", "add a header row above the data"),
    "no_labels": Wording("error", "有数值列，但没有一列说明每行是什么（不认得的表头：{unknown}）；最接近“{near}”", "figures, but no known column says what a row is (unknown headers: {unknown}); nearest is {near}", "补充表头（区域、产品、渠道…）", "name the label column (region, product, channel …)"),
    "ambiguous": Wording("error", "可能是“{first}”也可能是“{second}”，得分接近（{scores}）", "could be {first} or {second}: scores are close ({scores})", "在标题、表名或文件名中写明，或在设置中指定", "say so in the title, sheet or file name, or in the settings"),
    "cumulative": Wording("error", "“{said}”说明这些是累计数，按当月数读入会重复计算", "“{said}” says that these figures are cumulative: read as months they would be counted again and again", "改交分月数据，或在标题中写明“当月”", "deliver monthly figures, or say “monthly” in the title"),
    "order_amounts": Wording("error", "“{column}”是整单金额，却在该单的每一行重复出现：逐行相加会重复计算", "{column!r} is the amount of the whole order, repeated on each of its lines: summed by lines it would count again and again", "提供每行的金额，或每单只保留一行", "give the amount of each line, or one line for each order"),
    "target_tiers": Wording("error", "“{headers}”是同一目标的几档，不是几个指标", "{headers}: several tiers of one target, not several KPIs", "只留考核用的一档，表头写“目标”", "keep the tier that counts and call it “target”"),
    "said_twice": Wording("error", "“{header}”一列说明各行是同一数字的几种口径或版本：相加会重复计算", "the words under {header!r} make the rows several versions of the same figures: summed they would count twice", "只保留一种口径或版本", "keep one version or basis"),
    "other_figures": Wording("error", "该行写明是预算、目标、同期或累计，不是本期实际", "this row says that it is a plan, of another year, or a sum so far: not what was in its month", "另存为目标或预算表，或删除该行", "keep it in a sheet of targets or budgets, or delete the row"),
    "transfer": Wording("error", "“{headers}”说明每笔金额从一处调到另一处，只读一边会少记另一边", "{headers}: each amount leaves one place for another, and reading one side would lose the other", "拆成两行：调出方填负数，调入方填正数", "make two rows of each: negative where it leaves, positive where it goes"),
    "double_entry": Wording("error", "借方、贷方两栏（{headers}）：同一笔钱两边各记一次，转回与结转也在其中，无法断定哪些是费用", "debit and credit side by side ({headers}): each sum stands on both sides, carry-overs included, and nobody can tell which are expenses", "只导出费用科目，金额用一列净额（红字、冲销为负）", "export the expense accounts only, with one column of net amounts (reversals negative)"),
    "perhaps_swapped": Wording("error", "同一文件的“{other}”中日与月曾被互换，此处日期都不大于 12 日，无法断定是否也被互换", "in {other!r} of the same file a spreadsheet had exchanged day and month; here no day is after the 12th, and nobody can tell whether they are exchanged too", "统一日期格式后重新导出", "export again with one date format"),
    "correction_held": Wording("error", "更正版 {other} 中的同一工作表被扣留，旧版不能代替它", "this sheet of its correction {other} is held back, and the older one can't stand in for it", "先改正更正版中的问题", "mend the correction first"),
    "halved": Wording("error", "空列右边的 {range} 像是同一张表的其余各列，无法断定各行是否属于一起", "{range} beyond an empty column seems to hold the other columns of this table, and nobody can tell whether the rows belong together", "删除中间的空列", "delete the empty column between them"),
    "torn": Wording("error", "空列右边又有一列“{header}”，无法断定哪一列是要的数", "to the right of an empty column {header!r} stands once more, and nobody can tell which is meant", "删除空列和多余的一列，或给两列不同的表头", "delete the empty column and the one too many, or give the two different headers"),
    "unknown_headers": Wording("error", "标题说的是“{near}”，但表头 {headers} 都不认识", "title or name speak of {near}, but none of the headers {headers} is known", "把表头改成常用的叫法，或在设置中补充别名", "use the usual words in the header, or add aliases in the settings"),
    "unit_beside": Wording("error", "该行的单位列写着另一种金额单位", "the unit column of this row says another unit of money", "把金额统一换算成元，或按单位分开成表", "convert the amounts to one unit, or part the table by unit"),
    "unsigned_return": Wording("error", "写明是退货，金额或数量却为正数", "said to be returned, with figures above zero", "退货请填负数", "enter returns as negative figures"),
    "no_sale": Wording("error", "该行的状态说明订单已取消、退款、未付款或未审核，金额或数量却为正数", "the status of this row says cancelled, refunded, unpaid or not approved, and its figures are above zero", "删除该行，或把金额、数量改为 0", "delete the row, or set its figures to 0"),
    "not_approved": Wording("error", "该行写明未获批准（驳回、撤回或仍在审批），不能计入", "this row says that it was not approved (refused, withdrawn, or still to be decided)", "批准后改写状态，或删除该行", "change the status once it is approved, or delete the row"),
    "invalid_interview": Wording("error", "该行写明是测试、预览或无效答卷", "this row says that it is a test, a preview or invalid", "删除该行", "delete the row"),
    "surplus_field": Wording("error", "该行的字段比表头多，可能是数字里的逗号", "the row has more fields than the header, perhaps a comma inside a number", "给含逗号的值加引号", "put quotes around values with a comma"),
    "foreign": Wording("error", "列像“{near}”，但标题、文件名或表头写的是“{word}”", "its columns look like {near}, but title, file name or headers speak of {word}", "若确属该表，请在设置 [[files]] 中指定 table", "if it is this table, name it in [[files]] of the settings"),
    "other_kind": Wording("error", "像“{near}”（认得的表头：{because}），但标题、名称或表头写的是“{word}”，应是{kind}表，不按“{near}”读入", "looks like {near} because of {because}, but title, name or header says {word!r}: a sheet of {kind_en}, not taken for {near}", "若确属该表，请在标题中写明，或在设置 [[files]] 中指定 table；否则可在设置中写 ignore", "if it is this table, say so in the title or name the table in [[files]] of the settings; else ignore the sheet there"),
    "mostly_unknown": Wording("error", "像“{near}”（认得的表头：{because}），但多数数值列不认识（{headers}），又没有哪里写明是什么表", "looks like {near} because of {because}, but most columns of figures are unknown ({headers}), and nothing says what the sheet is", "若确属该表，请在标题中写明，或在设置 [[files]] 中指定 table；否则可在设置中写 ignore", "if it is this table, say so in the title or name the table in [[files]] of the settings; else ignore the sheet there"),
    "unsaid": Wording("error", "列像“{near}”，但标题、表名、文件名和表头都没有写明", "its columns look like {near}, but neither title, sheet, file nor header says so", "在标题或文件名中写明，或在设置 [[files]] 中指定 table", "say so in the title or file name, or name the table in [[files]] of the settings"),
    "mixed_units_column": Wording("warning", "“{header}”列有不同的计量单位（{units}），数量相加没有意义", "the column {header!r} holds several units ({units}): their quantities don't add up", "换算成同一单位", "convert them to one unit"),
    "missing_columns": Wording("error", "像“{near}”，但缺必需的列：{missing}；不认识的表头：{unknown}", "looks like {near}, but lacks required columns: {missing}; headers not known: {unknown}", "补上这些列，或在设置中补充别名", "add these columns, or aliases in the settings"),
    "nearly_named": Wording("error", "表头“{header}”像是“{near}”，但字或内容不符，不能断定；不读它，数字就不完整", "the header {header!r} may mean {near}, but its letters or its content differ; without it the figures would be incomplete", "改正表头或内容，或在设置中补充别名", "correct the header or its content, or add it as an alias"),
    "returns_only": Wording("error", "数值列写的是退货（{headers}）：销售额是否已扣除退货，无法断定", "the figures are returns ({headers}): whether sales are net of them, nobody can tell", "若应扣除，请把退货以负数填入“数量”“金额”列；若已扣除，请在设置中忽略本表", "enter them as negative units and amount if they are to be deducted; ignore the sheet in the settings if they have been"),
    "no_period": Wording("error", "找不到期间：列、标题、表名、文件名中都没有{what}", "no period anywhere: neither column, title, sheet nor file name gives {what}", "在标题或文件名中写明年份/月份，或在设置 [[files]] 中指定 month", "write the year or month into the title or file name, or give month in [[files]] of the settings"),
    "fiscal_period": Wording("error", "“{said}”是财年的期间，而财年从 {start} 月开始：是哪几个公历月不能断定", "{said!r} is a period of a fiscal year, which begins in month {start}: which months of the calendar are meant can't be told", "把期间写成公历年月（如 2026-04、2026年4-6月）", "write the periods as months or quarters of the calendar (2026-04, Apr-Jun 2026)"),
    "fiscal_as_calendar": Wording("warning", "“{said}”按公历年读：设置中财年从 1 月开始", "{said!r} is read as of the calendar year: the settings say that the fiscal year begins in January", "如财年不从 1 月开始，请在设置中写明 fiscal_year_start", "give fiscal_year_start in the settings if the fiscal year begins in another month"),
    "period_conflict": Wording("error", "期间矛盾：{first} 与 {second}", "two periods contradict each other: {first} and {second}", "改正其中之一，或在设置中指定 month", "correct one, or give month in the settings"),
    "kpi_unknown": Wording("error", "同一对象有几个不同单位的数值，却没有一列写明是哪个指标", "one entity has figures of several units, and no column says of which KPI", "补上“指标”列，或把写着指标的那一列改名为“指标”", "add a column KPI, or call the one that names them so"),
    "income_among": Wording("error", "“{said}”是收入或利润，不是费用：与费用相加没有意义", "{said!r} is income or profit, no expense: summed with expenses it means nothing", "只保留费用行，或另存为目标表", "keep the rows of expenses only, or make it a sheet of targets"),
    "measure_unknown": Wording("error", "看不出数值是销量还是金额", "nothing tells whether the figures are units or money", "在标题或表头写明（如 销量、销售额、单位：万元）", "say it in the title or header (units, sales, unit: 万元)"),
    "two_currencies": Wording("error", "标题里写了两种货币（{value}），不知道金额是哪一种", "two currencies are stated above the table ({value}): nobody can tell which the amounts are in", "只保留一种，或在表中加“币种”列", "keep one of them, or give each row its currency in a column"),
    "unread_unit": Wording("error", "“{value}”似乎写明了数值的单位（倍数），但读不懂，或有两种说法；猜错会差千倍万倍", "{value!r} seems to say in what unit (thousands, millions) the figures are, but can't be read, or says two things; a guess could be wrong a thousandfold", "把单位写到列的表头，如 销售额（万元）、销售额（元）", "write the unit into the headers: Sales (RMB '000), Sales (RMB)"),
    "unused_unit": Wording("error", "写明了单位“{value}”，却没有可用它的列", "the unit {value!r} is stated, but no column takes it", "把单位写到对应列的表头", "write the unit into the header of its column"),
    "numbers_ignored": Wording("error", "被当作标题或说明的行里有数字", "a row taken for a title or note holds numbers", "检查该行", "check that row"),
    "months_backwards": Wording("error", "月份表头顺序无法解释：{value}", "the order of the month headers can't be explained: {value}", "在表头写明年份", "write the years into the header"),
    "week_not_monday": Wording("error", "表头的周（{value}）不是从周一到周日，不能与其他周相比", "the weeks of the headers ({value}) don't run from Monday to Sunday: they can't be compared with others", "改为周一至周日的周，或改交日数据", "deliver weeks from Monday to Sunday, or days"),
    "too_many_bad": Wording("error", "{bad} / {total} 行有问题，整块不采用", "{bad} of {total} rows are bad, so the whole block is held back", "先改正这些行", "mend these rows first"),
    "measures_down": Wording("error", "各行的指标不同（{value}），不能当作同一数值相加", "the rows hold different measures ({value}), which don't add up", "把指标改为列", "make a column of each measure"),
    "total_mismatch": Wording("error", "合计对不上：列“{column}”写的是 {stated}，各行相加得 {computed}，差 {difference}", "the total doesn't tie: column {column} states {stated}, the rows give {computed}, difference {difference}", "改正合计或明细", "correct the total or the rows"),
    "section_mismatch": Wording("error", "小节“{name}”的金额不等于其下各行之和，无法断定是小计还是另一笔", "the figures of section {name!r} are not the sum of the rows below it: a subtotal, or money of its own, nobody can tell", "改正小节金额或明细；若是另一笔，请单独列一行", "correct the section or its rows; if it is money of its own, give it a row of its own"),
    "sums_unbalanced": Wording("error", "金额不平：{detail}", "amounts don't balance: {detail}", "请把该文件发给维护人", "send this file to the maintainer"),
    "hierarchy": Wording("error", "列“{column}”中有上级行等于其下各行之和，却没有“小计”字样", "in column {column} some rows are the sums of those below, without saying so", "给上级行标上“小计”，或删除", "label the parent rows as subtotals, or delete them"),
    "duplicate_header": Wording("error", "必需列“{column}”出现两次：{headers}", "a required column, {column}, appears twice: {headers}", "改名或删除其中一列", "rename or delete one of them"),
    "no_interview": Wording("error", "该行是汇总（平均、合计），不是一份答卷", "this row sums up (average, total), and is no interview", "删除汇总行", "delete the summary rows"),
    "off_scale": Wording("error", "该行有评分超出题目写明的范围，该回答不计入", "a score of this row is beyond the scale that its question states; the answer is not counted", "核对原答卷", "check the interview"),
    "another_span": Wording("error", "“{header}”只有一列，旁边的数却分期间，无法断定它是每期的还是全部期间的", "{header!r} is one column beside figures by period: whether it is of each period or of all, nobody can tell", "把它也按期间分列，或放到单独的表", "give it a column for each period too, or a table of its own"),
    "second_header": Wording("error", "第 {n} 行不是答卷，而是第二行表头", "row {n} is no interview but a second header row", "只保留一行表头", "keep one header row only"),
    "after_change": Wording("error", "“{header}”是调整之后的预算，不是调整的金额；按调整读入会算错", "{header!r} is the budget after the change, not the change: read as one it would be wrong", "加一列“调整金额”（调减为负数）", "add a column with the amount of each change, reductions negative"),
    "unknown_name": Wording("error", "“{header}”与“{beside}”并列，但不认识，无法断定是不是又一项：不读它，数字可能不完整", "{header!r} stands beside {beside!r}, and nobody can tell whether it is one more of them: without it the figures may be incomplete", "在右边加一列“合计”，或改成一行一项的表", "add a column of totals on the right, or give each of them a row"),
    "nameless_column": Wording("error", "“{header}”右侧有数据的列没有表头", "the column right of {header!r} holds data, but has no header", "补上表头", "give it a header"),
    "merged_measure": Wording("error", "数值单元格跨多行合并", "a figure is merged over several rows", "拆分该单元格，按行填写", "unmerge it and fill each row"),
    # ---- a row
    "bad_value": Wording("error", "无法读懂：{why}", "can't be read: {why_en}", "改正该单元格", "correct this cell"),
    "out_of_bounds": Wording("error", "超出允许范围（{low} 至 {high}）", "outside the allowed range ({low} to {high})", "改正该单元格", "correct this cell"),
    "missing_value": Wording("error", "缺“{column}”", "{column} is missing", "补填该单元格", "fill this cell in"),
    "unproved_summary": Wording("error", "该行写的是合计或平均，但与各行对不上，不是明细", "the row says total or average, but the rows don't prove it: it is no record", "改正或删除该行", "correct the row, or delete it"),
    "nameless_row": Wording("error", "该行只有数值，没有任何标签，也不是各行之和", "the row holds figures without a single label, and sums nothing up", "补上标签，或删除该行", "label the row, or delete it"),
    "respondents_restart": Wording("warning", "受访者编号从头重新编过，不是同一人：{n} 份答卷的编号前已加上批次号", "the respondents' numbers begin again, for other people: the batch now stands before the numbers of {n} interviews", "给每份答卷一个不重复的编号", "give every interview a number of its own"),
    "respondent_twice": Wording("error", "同一受访者编号有不同的答卷，无法断定哪份有效，或是否为两人", "one respondent's number stands on different interviews: which is valid, or whether they are two people, nobody can tell", "改正编号，或只保留有效的一份", "correct the number, or keep the valid interview only"),
    "row_is_respondent": Wording("info", "没有受访者编号列：每行是一份答卷，以行号为编号", "no column of respondents: each row is an interview, numbered by its row"),
    "carried_to_result": Wording("error", "该行是期末结转损益，会冲掉本期费用，不是支出", "this row carries the account to profit and loss: it would cancel the expenses, and is none", "导出时去掉结转凭证", "leave carry-over vouchers out of the export"),
    "pending": Wording("warning", "数值尚未填定，按缺值处理，汇总不完整", "the figure is still to come: taken as missing, so that sums are incomplete", "填入数值后重新提交", "fill the figure in and deliver again"),
    "missing_measure": Wording("warning", "该行没有任何数值", "the row holds no figure", "补填数值，或删除该行", "fill a figure in, or delete the row"),
    "bad_optional": Wording("warning", "“{column}”无法读懂（{why}），原文保留在 extra", "{column} can't be read ({why_en}); kept in extra", "改正该单元格", "correct this cell"),
    "exact_duplicate": Wording("warning", "与第 {other} 行完全相同（含单号），不重复计入", "identical to row {other}, order number included; not counted twice", "删除重复行", "delete the repeated row"),
    "identical_rows": Wording("warning", "有 {n} 行与别的行完全相同，但没有单号，无法断定是重复，已保留", "{n} rows are identical to others, but carry no number; kept, as they may be true", "若是重复，请删除", "delete them if they are repetitions"),
    "duplicate_elsewhere": Wording("warning", "与 {other} 相同，不重复计入", "identical to {other}; not counted twice", "删除重复的一份", "remove the repetition"),
    "alike_elsewhere": Wording("warning", "有 {n} 行在别的文件或工作表中也有，但没有单号，数量太少，无法断定是重复，已保留", "{n} rows stand in another file or sheet too; they carry no number and are too few to be an overlap: kept", "若是重复，请删除", "delete them if they are repetitions"),
    "conflict": Wording("error", "同一项目（{key}）与 {other} 说法不同：{differences}；各份都保留在 conflicts 表，都未计入", "the same key ({key}) says otherwise in {other}: {differences}; both are kept in conflicts, neither counts", "改正错的一份；或在设置 [[files]] 中给可信的文件写 prefer = true", "correct the wrong one; or say prefer = true for the file to be trusted in [[files]] of the settings"),
    "outvoted": Wording("warning", "同一项目（{key}）与 {other} 说法不同：{differences}；按设置以那一份为准，本行不计入", "the same key ({key}) says otherwise in {other}: {differences}; that one counts, as the settings say", "确认后改正本行", "correct this row once you agree"),
    "joined": Wording("info", "与 {other} 是同一项目，互不矛盾，已并入那一行（补上 {columns}）", "the same key as {other}, and no contradiction: joined to that row (adding {columns})"),
    "repeated_grain": Wording("warning", "有 {n} 行与别的行项目相同，已分别保留", "{n} rows share their key with another row; all kept", "确认不是重复", "make sure they are not repetitions"),
    # ---- a row that is no data
    "title": Wording("info", "标题", "title"),
    "header": Wording("info", "表头", "header"),
    "note": Wording("info", "说明", "note"),
    "subtotal": Wording("info", "小计，已核对", "subtotal, checked"),
    "total": Wording("info", "合计，已核对", "total, checked"),
    "total_unchecked": Wording("info", "合计行，没有数值可核对", "a total row without a value to check"),
    "unlabelled_total": Wording("info", "没有标签的合计行，由加总得知", "a total without a label, known by arithmetic"),
    "running": Wording("info", "累计或余额行，不是明细", "a running sum or a balance, no line of its own"),
    "average": Wording("info", "平均值行，已核对", "average, checked"),
    "share_row": Wording("info", "占比行", "row of shares"),
    "repeated_header": Wording("info", "重复的表头", "repeated header"),
    "section": Wording("info", "小节标题", "section heading"),
    "section_names": Wording("info", "{n} 个小节标题已记入其下各行的“{column}”", "{n} section headings were noted in {column} of the rows below them"),
    # ---- a column
    "order_totals": Wording("warning", "“{header}”是整单金额，未读入；有 {n} 单与各行之和不同，共差 {difference}（优惠、运费或税）", "{header!r} is of whole orders and is not read; {n} orders differ from the sum of their lines, by {difference} in all (discounts, freight or tax)", "若应按实付计，请提供每行的实付金额", "give what was paid for each line, if that is what should count"),
    "year_unread": Wording("warning", "“{header}”是全年的数，旁边的各期不足一年，无法核对，未读入", "{header!r} is of the whole year, and the periods beside it are not all of it: it can't be checked, and is not read", "如需全年数，请单独列一张表", "give the year a sheet of its own if it is needed"),
    "unmapped_measure": Wording("warning", "数值列“{column}”不属于该表，保留在 extra", "the figures of {column!r} are no column of the table; kept in extra", "如需使用，请补充别名", "add an alias if they are needed"),
    "gross_of_returns": Wording("warning", "“{header}”另列一栏，金额“{amount}”中没有减去它", "{header!r} stands in a column of its own: it is not taken off the amounts of {amount!r}", "若要净额，请提供已减去退款的一栏，或把退款列为负数行", "if net sales are wanted, give a column without what was returned, or the returns as negative rows"),
    "fuzzy_header": Wording("warning", "表头“{header}”按“{column}”理解（相似度 {score}）", "the header {header!r} is read as {column} (similarity {score})", "改正表头，或加入别名", "correct the header, or add it as an alias"),
    "no_heading": Wording("warning", "{header} 列有数据但没有表头，保留在 extra", "column {header} holds data but has no header; kept in extra", "补上表头", "give it a header"),
    "near_header": Wording("warning", "表头“{header}”不认识，最像“{column}”，未采用，保留在 extra", "the header {header!r} is not known; most like {column}, but not taken; kept in extra", "改正表头，或加入别名", "correct the header, or add it as an alias"),
    "unread_header": Wording("warning", "表头“{header}”像是“{near}”（{column}），但字或内容不符，未按此读入，原文保留在 extra", "the header {header!r} may mean {column}, but its letters or its content differ: not read as such, kept in extra", "改正表头或内容，或加入别名", "correct the header or the content, or add it as an alias"),
    "filled_down": Wording("info", "“{column}”的空白按上一行填充（{n} 格）", "blanks of {column} were filled from above ({n} cells)"),
    "blank_labels": Wording("warning", "“{column}”有 {n} 行空白，无法断定是否同上，保留空白", "{column} is blank in {n} rows; nothing shows that it is as above, so it stays blank", "补填这些单元格", "fill these cells in"),
    "turned": Wording("info", "表头在第一列、每列一条记录，已按此读取", "headers down the first column, a record in each column: read so"),
    "unfolded": Wording("info", "一列中的两级标签（上级与其下各行）已分成两列读取，上级的数等于其下各行之和", "two levels of labels in one column were read as two columns; the figures of each group are the sums of its rows"),
    "unstacked": Wording("info", "各行的指标已分列读取", "the measures of the rows were read as columns"),
    "said_name": Wording("info", "表中没有“{column}”列，取自{zh}：{value}", "no column {column}: taken from the {en}: {value}"),
    "unplaced_section": Wording("warning", "同一表头的几段各有标题，本段为“{value}”，但没有写明是哪一列，只留在 extra 的“小节”", "blocks with one header have titles of their own, this one's is {value!r}, and nothing says which column it is: it only stands in extra (小节)", "在表中加一列写明", "add a column that says so"),
    "unplaced_name": Wording("warning", "各工作表结构相同，表名“{value}”像是人名、品牌或门店，但没有写明是哪一列，只留在 source_sheet", "its sheets are laid out alike, and this one's name, {value!r}, may be a person, a brand or a shop: nothing says which, so it only stands in source_sheet", "在文件名中写明（如“分品牌”“业务员”），或在表中加一列", "say so in the file name (by brand, by rep), or add a column"),
    "price_not_amount": Wording("warning", "“{column}”对同一产品恒定而数量变化，实为单价；金额 = 数量 × 单价", "{column!r} is constant per product while units vary: it is a unit price; amount = units × price", "请在表头写明单价", "name it unit price in the header"),
    "amount_unclear": Wording("warning", "“{column}”与 数量 × 单价 不一致，金额不能断定，只计数量", "{column!r} is not units × price: the amount is uncertain, only the units are counted", "把金额一栏的表头改为“金额”", "call the column of amounts “amount”"),
    "amount_derived": Wording("info", "无金额列，金额 = 数量 × 单价", "there is no amount column: amount = units × price"),
    "day_month_swapped": Wording("warning", "{detail}", "{detail}", "统一日期格式", "use one date format"),
    "value_note": Wording("warning", "“{column}”：{zh}", "{column}: {en}"),
}  # fmt: skip


# The ledger's reasons in a few words, where the sentence above needs filling in.
REASONS: dict[str, tuple[str, str]] = {
    "unreadable": ("无法读取", "unreadable"), "internal": ("程序出错", "the program failed"), "same_file": ("文件重复", "same file twice"), "replaced_by": ("已被更正文件取代", "replaced by a corrected file"),
    "ignored_by_rule": ("按设置忽略", "ignored by the settings"), "no_table": ("不属于任何表", "not one of the tables"),
    "calculation_sheet": ("计算或看板", "calculation or dashboard"), "repeats": ("重复，只计一次", "repeated, counted once"),
    "view": ("同一数据的另一汇总", "another view of the same data"), "converted": ("折成另一种货币", "the same in another currency"), "headless_rows": ("数据没有表头", "rows without a header"), "no_labels": ("没有可识别的维度列", "no known label column"),
    "unsaid": ("未写明是什么表", "not said what it is"), "foreign": ("标题另有所指", "its title speaks of something else"), "other_kind": ("是另一种表", "another kind of sheet"), "mostly_unknown": ("多数数值列不认识", "most figures unknown"), "ambiguous": ("可能是两种表", "could be two tables"), "missing_columns": ("缺必需的列", "required columns missing"),
    "transfer": ("从一处调到另一处", "moved from one place to another"), "double_entry": ("借贷两栏", "debit and credit"), "torn": ("同一列被空列隔成两处", "one column on both sides of a gap"), "halved": ("被空列隔成两半", "cut in two by an empty column"), "perhaps_swapped": ("日与月或被互换", "days and months perhaps exchanged"), "correction_held": ("更正版被扣留", "its correction is held"), "unknown_headers": ("表头不认识", "unknown headers"),
    "cumulative": ("累计数", "cumulative figures"), "order_amounts": ("整单金额重复", "amounts of whole orders"), "said_twice": ("同一数字的几种口径", "versions of the same figures"), "target_tiers": ("一个目标的几档", "tiers of one target"), "other_figures": ("不是本期实际", "not the actuals of the period"), "unit_beside": ("另有单位", "another unit"), "unsigned_return": ("退货为正数", "positive return"), "no_sale": ("取消或未付款的订单", "cancelled or unpaid order"), "kpi_unknown": ("不知是哪个指标", "KPI unknown"), "income_among": ("收入混在费用中", "income among expenses"), "invalid_interview": ("无效答卷", "invalid interview"), "not_approved": ("未获批准", "not approved"), "surplus_field": ("字段过多", "too many fields"),
    "nearly_named": ("表头不能断定", "a header in doubt"), "returns_only": ("只有退货", "returns only"), "no_period": ("没有期间", "no period"), "fiscal_period": ("财年的期间", "fiscal periods"), "period_conflict": ("期间矛盾", "periods contradict"), "two_currencies": ("两种货币", "two currencies"), "unread_unit": ("单位读不懂", "a unit that can't be read"), "unused_unit": ("单位无处可用", "unit without a column"),
    "week_not_monday": ("周不从周一开始", "weeks not from Monday"), "months_backwards": ("月份顺序无法解释", "month order unexplained"), "too_many_bad": ("问题行太多", "too many bad rows"),
    "measures_down": ("指标混在行中", "several measures down the rows"), "total_mismatch": ("合计对不上", "a total doesn't tie"), "sums_unbalanced": ("金额不平", "amounts don't balance"), "hierarchy": ("上下级重复", "parents and children together"),
    "nameless_column": ("列没有表头", "a column without header"), "duplicate_header": ("表头重复", "header twice"), "bad_value": ("单元格无法读懂", "unreadable cell"), "out_of_bounds": ("超出范围", "out of range"),
    "missing_value": ("缺值", "value missing"), "nameless_row": ("没有标签的行", "row without a label"), "unproved_summary": ("合计或平均对不上", "a total or average that doesn't tie"), "exact_duplicate": ("重复行", "duplicate row"), "duplicate_elsewhere": ("别处已有", "already elsewhere"),
    "conflict": ("互相矛盾", "contradiction"), "outvoted": ("以另一份为准", "another source is preferred"), "joined": ("并入同一项目的另一行", "joined to the other row of its key"),
}  # fmt: skip


def reason_text(code: str, language: str) -> str:
    """A ledger reason as a short phrase."""
    short = REASONS.get(code)
    wording = WORDINGS.get(code)
    if short is None and wording is None:
        return code
    zh, en = short or (wording.zh, wording.en) if wording else (code, code)
    return zh if language == "zh" else en


# Why a cell has no value, and what was inferred from a column (the codes of `parsed`).
PROBLEMS: dict[str, tuple[str, str]] = {
    "not_a_number": ("不是数字", "not a number"),
    "ambiguous_number": ("千分位还是小数点，无法断定", "thousands or decimals, nobody can tell"),
    "ambiguous_unit": ("单位不明", "its unit is not certain"),
    "unit_mismatch": ("单位与该列不符", "a unit this column can't have"),
    "mixed_units": ("同一列混用不同计量单位", "several units of count in one column"),
    "ambiguous_rate": ("百分数还是小数，无法断定", "percent or fraction, nobody can tell"),
    "not_a_date": ("不是日期", "not a date"),
    "ambiguous_date": ("日与月无法断定", "day or month first, nobody can tell"),
    "not_a_period": ("不是期间", "not a period"),
    "not_a_month": ("不止一个月，而该表按月", "more than a month, where each row is of one"),
    "no_year": ("没有年份", "its year is nowhere given"),
    "unknown_spelling": ("不是允许的取值", "not one of the allowed values"),
    "not_a_flag": ("不是“是/否”", "neither yes nor no"),
    "damaged_code": ("编码被截成科学计数，末位已失", "the code was shortened to a float; its last digits are gone"),
    "wrong_type": ("类型不对", "the wrong kind of value"),
    "error_cell": ("错误值", "an error cell"),
    "uncached_formula": ("公式没有保存结果", "a formula whose result the file doesn't hold"),
    "mixed_scales": ("同一列混用不同量级，已分别换算", "several scales in one column; each brought to one"),
    "mixed_currencies": ("同一列有多种币种", "several currencies in one column"),
    "decimal_comma": ("按小数逗号理解", "commas read as decimal points"),
    "percent_by_size": ("无百分号，按大小判断为百分数", "no % sign; percent by their size"),
    "day_first": ("按日在前理解", "read with the day first"),
    "month_first": ("按月在前理解", "read with the month first"),
    "year_first": ("按年在前理解", "read with the year first"),
    "day_month_swapped": ("日与月被表格软件互换，已换回", "a spreadsheet had exchanged day and month; put right"),
    "excel_serials": ("日期序列数按日期理解", "serial numbers read as dates"),
    "float_codes": ("编码的“.0”已去掉", "the .0 of codes was removed"),
}  # fmt: skip
