"""Survey: one answer of one respondent to one question."""

from mktanalytics import columns as c
from mktanalytics.schema import Column, Table, Wide

TABLE = Table(
    name="survey",
    zh="问卷",
    en="Survey",
    about="one answer of one respondent to one question; a multi-choice answer has a row for each option chosen",
    about_zh="一名受访者对一个问题的一个回答；多选题每个选中项一行",
    columns=(
        Column(name="survey", kind="category", zh="调查", en="Survey", about="name of the survey", about_zh="调查名称", aliases=("问卷名称", "调查名称")),
        Column(name="respondent", kind="code", zh="受访者", en="Respondent", about="respondent's number, unique within the survey",
               about_zh="受访者编号", sensitive=True,
               aliases=("序号", "受访者编号", "样本编号", "问卷编号", "答卷编号", "编号", "答卷ID", "用户ID", "user_id", "respondent id", "response id", "resp id", "respid", "responseid", "case id", "caseid", "id")),
        c.DATE,
        c.MONTH,
        Column(name="question_no", kind="code", zh="题号", en="Question no.", about="question number", about_zh="题号", aliases=("item_id",)),
        Column(name="question", kind="category", zh="题目", en="Question", about="wording of the question", about_zh="题目", aliases=("问题",)),
        Column(name="kind", kind="category", zh="题型", en="Question type", about="single, multiple, score or text", about_zh="题型",
               allowed={"single": ("单选", "单选题"), "multiple": ("多选", "多选题"), "score": ("打分", "打分题", "量表题"), "text": ("填空", "填空题")}),
        Column(name="answer", kind="text", zh="回答", en="Answer", about="answer as given", about_zh="原始回答", aliases=("答案",)),
        Column(name="option", kind="code", zh="选项号", en="Option", about="code of the chosen option", about_zh="选项编码"),
        c.SCORE,
        c.REGION, c.CITY, c.BRAND,
        Column(name="gender", kind="category", zh="性别", en="Gender", about="respondent's gender", about_zh="受访者性别"),
        Column(name="age", kind="text", zh="年龄", en="Age", about="respondent's age or age band", about_zh="受访者年龄（段）", aliases=("年龄段",)),
        Column(name="sample_weight", kind="number", zh="权重", en="Weight", about="respondent's weight", about_zh="样本权重", minimum=0, aliases=("加权系数",)),
    ),
    grain=("survey", "respondent", "question", "answer"),
    required=("respondent",),
    one_of=(("question", "question_no"), ("answer", "score")),
    aliases={"date": ("提交答卷时间", "结束答题时间", "答题结束时间", "时间戳记", "timestamp", "答题时间", "访问日期", "提交时间", "submitted at", "submit date", "submit date (utc)", "recorded date", "recordeddate", "end date", "enddate")},
    wide=(Wide(over="question", value="answer"),),
    words=("问卷", "调查", "满意度", "survey", "questionnaire"),
)  # fmt: skip
