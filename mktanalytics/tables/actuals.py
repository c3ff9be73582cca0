"""Actuals: KPI values that no other table yields."""

from mktanalytics import columns as c
from mktanalytics.schema import Column, Table, Wide

TABLE = Table(
    name="actuals",
    zh="考核实绩",
    en="Actuals",
    about="value of an entity for a KPI in a period that no other table yields (work attitude, assessed scores)",
    about_zh="其他表无法得出的考核实际值（如工作态度、主管评分）",
    columns=(
        c.MONTH, c.PERIOD, c.ENTITY_LEVEL, c.ENTITY, c.KPI,
        c.ACTUAL,
        c.UNIT,
        Column(name="assessor", kind="text", zh="评分人", en="Assessor", about="who assessed it", about_zh="评分人", aliases=("考核人", "主管")),
        c.NOTE,
    ),
    grain=("month", "period", "entity_level", "entity", "kpi"),
    required=("entity", "kpi", "actual"),
    one_of=(("month",),),
    aliases={"actual": ("实际", "得分", "评分", "考核得分", "score"), "entity": ("姓名", "员工", "员工姓名", "被考核人", "销售员", "业务员", "客户经理", "渠道经理", "小组", "门店", "经销商", "部门", "区域", "责任部门", "考核部门", "团队", "渠道", "team")},
    defaults={"period": "month"},
    wide=(Wide(over="entity", value="actual", named=True), Wide(over="kpi", value="actual"), Wide(over="month", value="actual")),
    words=("考核评分", "评分", "得分", "实绩", "态度", "assessment", "actuals"),
)  # fmt: skip
