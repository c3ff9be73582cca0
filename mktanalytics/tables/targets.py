"""Targets: what somebody is to reach in a period, and how reaching it is scored."""

from mktanalytics import columns as c
from mktanalytics.schema import Column, Table, Wide

_LIMIT = ("下限", "上限")

# 功效系数法: five standard values, or the two of its older form
LEVELS = tuple(
    Column(
        name=name,
        kind="number",
        zh=zh,
        en=en,
        about=f"{en.lower()} of the efficacy rule, in `unit`",
        about_zh=f"功效系数法的{zh}",
    )
    for name, zh, en in (
        ("excellent", "优秀值", "Excellent value"),
        ("good", "良好值", "Good value"),
        ("average", "平均值", "Average value"),
        ("low", "较低值", "Low value"),
        ("poor", "较差值", "Poor value"),
        ("satisfactory", "满意值", "Satisfactory value"),
        ("unacceptable", "不允许值", "Unacceptable value"),
    )
)

TABLE = Table(
    name="targets",
    zh="目标",
    en="Targets",
    about="target of an entity for a KPI in a period, with weight and score rule",
    about_zh="考核对象在期间内某指标的目标、权重与计分规则",
    columns=(
        c.MONTH, c.PERIOD, c.ENTITY_LEVEL, c.ENTITY, c.KPI,
        Column(name="target", kind="number", zh="目标", en="Target", about="value to reach, in `unit`", about_zh="目标值",
               aliases=("目标值", "计划", "预计", "指标值", "任务", "月KPI", "target value", "goal", "plan")),
        c.ACTUAL,
        c.UNIT,
        Column(name="weight", kind="rate", zh="权重", en="Weight", about="weight in the scorecard; the weights of an entity sum to 1",
               about_zh="权重，同一对象合计为 1", minimum=0, maximum=1, unit="fraction", aliases=("权重（%）", "分值权重")),
        Column(name="direction", kind="category", zh="方向", en="Direction", about="which way is good", about_zh="指标方向",
               aliases=("指标方向", "指标性质", "类别"),
               allowed={"higher": ("正向", "越高越好", "higher is better", "up"), "lower": ("逆向", "反向", "越低越好", "lower is better", "down"),
                        "band": ("区间", "区间型"), "milestone": ("里程碑", "完成与否")}),
        Column(name="lower_limit", kind="number", zh=_LIMIT[0], en="Lower limit", about="lower end of an on-target band", about_zh="区间下限",
               aliases=("目标下限", "minimum")),
        Column(name="upper_limit", kind="number", zh=_LIMIT[1], en="Upper limit", about="upper end of an on-target band", about_zh="区间上限",
               aliases=("目标上限", "maximum")),
        Column(name="floor", kind="rate", zh="保底", en="Floor", about="achievement below which the score is 0", about_zh="完成率低于此值得 0 分",
               minimum=0, unit="fraction", aliases=("得分下限", "保底完成率", "最低完成率")),
        Column(name="cap", kind="number", zh="封顶", en="Cap", about="highest score the KPI can earn, in points", about_zh="该指标最高得分（分）",
               minimum=0, aliases=("得分上限", "封顶分", "最高分")),
        Column(name="score_rule", kind="category", zh="计分规则", en="Score rule", about="score function (methods 5.2)", about_zh="计分方法",
               aliases=("计分方法", "计分方式"),
               allowed={"proportional": ("比例法", "按比例", "完成率×100", "按完成率计分", "按完成率得分", "按完成比例得分", "按比例得分"), "deduction": ("扣分法", "扣分"), "bands": ("分档法", "分档"),
                        "min_max": ("极差法",), "efficacy": ("功效系数法", "功效系数"), "difference": ("差额法",)}),
        Column(name="standard", kind="text", zh="评分标准", en="Scoring standard", about="points by bands, in words: bands that touch, each with its points",
               about_zh="分档计分的文字：各档首尾相接，每档写明得分", aliases=("考核标准", "评分细则", "计分标准", "分档标准", "评分办法", "scoring standard", "score bands")),
        *LEVELS,
        Column(name="step", kind="rate", zh="扣分步长", en="Step", about="shortfall that costs `points`", about_zh="每低于目标的步长", unit="fraction"),
        Column(name="points", kind="number", zh="每步扣分", en="Points per step", about="points lost for each step", about_zh="每步扣分"),
        c.NOTE,
    ),
    grain=("month", "period", "entity_level", "entity", "kpi"),
    required=("entity", "target"),
    one_of=(("month",),),
    aliases={"actual": ("实际", "实际完成"), "entity": ("姓名", "员工", "员工姓名", "被考核人", "销售员", "业务员", "客户经理", "渠道经理", "小组", "门店", "经销商", "部门", "区域", "大区", "片区", "销售区域", "责任部门", "考核部门", "团队", "渠道", "department", "region", "team", "channel", "salesperson")},
    defaults={"period": "month", "direction": "higher", "score_rule": "proportional"},
    wide=(Wide(over="month", value="target"), Wide(over="entity", value="target", named=True), Wide(over="kpi", value="target")),
    words=("目标", "任务", "KPI", "考核", "target"),
)  # fmt: skip
