#include "widgets/forms/choiceeditor.h"

#include "widgets/common/choices.h"
#include "widgets/common/format.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/forms/paramform.h"

#include <QComboBox>
#include <QFormLayout>
#include <QRegularExpression>
#include <QSpinBox>
#include <QStyleOptionComboBox>

#include <algorithm>
#include <initializer_list>

namespace trilobit {

namespace {
const QString kAffine = QStringLiteral("affine"); // stands for the whole family in the list
constexpr int kMaxGroup = 65536, kMaxBits = 8;
} // namespace

std::optional<AffineId> AffineId::parse(const QString& id) {
    static const QRegularExpression pattern(QStringLiteral("^affine-g([0-9]{1,5})-b([1-8])$"),
                                            QRegularExpression::CaseInsensitiveOption);
    const auto match = pattern.match(id);
    if (!match.hasMatch())
        return std::nullopt;
    return AffineId{match.captured(1).toInt(), match.captured(2).toInt()};
}

QString AffineId::id() const { return QStringLiteral("affine-g%1-b%2").arg(group).arg(bits); }

ChoiceEditor::ChoiceEditor(const Workspace& workspace, QWidget* parent)
    : QWidget(parent), m_workspace(workspace), m_layout(new QFormLayout(this)), m_method(new QComboBox(this)),
      m_encoding(new QComboBox(this)), m_group(new QSpinBox(this)), m_bits(new QSpinBox(this)),
      m_params(new ParamForm(this)) {
    setObjectName(QStringLiteral("choiceEditor"));
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_method->setObjectName(QStringLiteral("methodCombo"));
    m_method->setAccessibleName(tr("Method"));
    m_method->setToolTip(tr("How the values are chosen"));
    m_method->setPlaceholderText(tr("several"));
    m_encoding->setObjectName(QStringLiteral("encodingCombo"));
    m_encoding->setAccessibleName(tr("Encoding"));
    m_encoding->setToolTip(tr("How the values are stored"));
    m_encoding->setPlaceholderText(tr("several"));
    for (QComboBox* box : {m_method, m_encoding}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(6);
        box->setMaxVisibleItems(24);
    }
    m_group->setObjectName(QStringLiteral("groupSpin"));
    m_group->setAccessibleName(tr("Group size"));
    m_group->setRange(1, kMaxGroup);
    m_group->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    m_group->setKeyboardTracking(false);
    m_group->setToolTip(tr("Weights that share a scale and a zero point. Smaller groups follow the weights more closely "
                           "and need more bits."));
    m_bits->setObjectName(QStringLiteral("bitsSpin"));
    m_bits->setAccessibleName(tr("Bits per code"));
    m_bits->setRange(1, kMaxBits);
    m_bits->setKeyboardTracking(false);
    m_layout->addRow(tr("&Method"), m_method);
    m_layout->addRow(tr("&Encoding"), m_encoding);
    m_layout->addRow(tr("&Group size"), m_group);
    m_layout->addRow(tr("&Bits per code"), m_bits);
    m_layout->addRow(m_params);
    fillMethods();
    fillEncodings();
    connect(m_method, &QComboBox::activated, this, &ChoiceEditor::methodPicked);
    connect(m_encoding, &QComboBox::activated, this, &ChoiceEditor::encodingPicked);
    connect(m_group, &QSpinBox::valueChanged, this, &ChoiceEditor::affineEdited);
    connect(m_bits, &QSpinBox::valueChanged, this, &ChoiceEditor::affineEdited);
    connect(m_params, &ParamForm::edited, this, [this] {
        Choice next = m_choice;
        next.params = m_params->values();
        send(next);
    });
    display(Choice{});
}

void ChoiceEditor::fillMethods() {
    m_method->addItem(tr("Keep as it is"), QString());
    if (!m_workspace.methods)
        return;
    for (const auto& method : m_workspace.methods->all()) {
        m_method->addItem(qtext(method->info().title), qtext(method->info().id));
        m_method->setItemData(m_method->count() - 1, qtext(method->info().summary), Qt::ToolTipRole);
    }
}

void ChoiceEditor::fillEncodings() {
    m_encoding->addItem(tr("Keep as it is"), QString());
    bool affine = false;
    for (const auto& encoding : m_workspace.encodings.all()) {
        const EncodingInfo& info = encoding->info();
        if (AffineId::parse(qtext(info.id))) {
            affine = true;
            continue;
        }
        m_encoding->addItem(tr("%1  (%2 bits)").arg(qtext(info.id), bitsText(info.bitsPerWeight)), qtext(info.id));
        m_encoding->setItemData(m_encoding->count() - 1,
                                tr("%1\n%2").arg(qtext(info.title), qtext(info.help)), Qt::ToolTipRole);
    }
    if (affine)
        m_encoding->addItem(tr("Affine groups…"), kAffine);
}

void ChoiceEditor::setTensor(const Tensor* tensor) {
    m_tensor = tensor ? std::optional(*tensor) : std::nullopt;
    markRefused();
}

void ChoiceEditor::setChoice(const std::optional<Choice>& choice) { display(choice); }

void ChoiceEditor::display(const std::optional<Choice>& choice) {
    m_mixed = !choice;
    m_choice = choice.value_or(Choice{});
    const QSignalBlocker quietGroup(m_group), quietBits(m_bits);
    const std::optional<AffineId> affine = AffineId::parse(qtext(m_choice.encoding));
    m_method->setCurrentIndex(m_mixed ? -1 : m_method->findData(qtext(m_choice.method)));
    m_encoding->setCurrentIndex(m_mixed ? -1 : m_encoding->findData(affine ? kAffine : qtext(m_choice.encoding)));
    if (affine) {
        m_group->setValue(affine->group);
        m_bits->setValue(affine->bits);
    }
    m_layout->setRowVisible(m_group, affine.has_value());
    m_layout->setRowVisible(m_bits, affine.has_value());
    std::vector<ParamSpec> specs;
    if (!m_choice.keeps() && m_workspace.methods)
        if (const auto method = m_workspace.methods->find(m_choice.method))
            specs = (*method)->info().params;
    m_params->setSpecs(specs, m_choice.params);
    m_layout->setRowVisible(m_params, !specs.empty());
    alignLabels();
    markRefused();
}

void ChoiceEditor::alignLabels() {
    int width = m_params->labelWidth();
    for (QWidget* field : std::initializer_list<QWidget*>{m_method, m_encoding, m_group, m_bits})
        width = std::max(width, m_layout->labelForField(field)->sizeHint().width());
    m_layout->labelForField(m_method)->setMinimumWidth(width);
    m_params->setLabelWidth(width);
}

int ChoiceEditor::widestMethod() const {
    int text = 0;
    for (int row = 0; row < m_method->count(); ++row)
        text = std::max(text, m_method->fontMetrics().horizontalAdvance(m_method->itemText(row)));
    QStyleOptionComboBox option;
    option.initFrom(m_method);
    const QSize content(text + m_method->iconSize().width() + 4, m_method->fontMetrics().height());
    return m_method->style()->sizeFromContents(QStyle::CT_ComboBox, &option, content, m_method).width();
}

void ChoiceEditor::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    // Where the name of a method does not fit beside its label, it has a line of its own.
    const int label = m_layout->labelForField(m_method)->minimumWidth() + m_layout->horizontalSpacing();
    const auto policy = label + widestMethod() > width() ? QFormLayout::WrapAllRows : QFormLayout::DontWrapRows;
    if (policy == m_layout->rowWrapPolicy())
        return;
    m_layout->setRowWrapPolicy(policy);
    updateGeometry(); // the layout around it is at work right now and would keep the old height
}

void ChoiceEditor::markRefused() {
    if (!m_workspace.methods)
        return;
    const ThemeColors colors = themeColors(palette());
    const QIcon refused = icon(Icon::Refused, colors.bad), falls = icon(Icon::Warning, colors.warn);
    const auto mark = [](QComboBox* box, int row, const QIcon& sign, const QString& reason, const QString& usual) {
        box->setItemIcon(row, reason.isEmpty() ? QIcon() : sign);
        box->setItemData(row, reason.isEmpty() ? usual : reason, Qt::ToolTipRole);
    };
    for (int row = 1; row < m_encoding->count(); ++row) {
        const QString id = m_encoding->itemData(row).toString();
        const std::string encodingId = id == kAffine ? AffineId{m_group->value(), m_bits->value()}.id().toStdString()
                                                     : id.toStdString();
        const auto encoding = m_workspace.encodings.find(encodingId);
        if (!encoding)
            continue;
        const QString usual = tr("%1\n%2").arg(qtext((*encoding)->info().title), qtext((*encoding)->info().help));
        QString reason, obstacle;
        if (m_tensor) {
            obstacle = shapeObstacle(encodingId, *m_tensor, m_workspace.quantServices());
            if (obstacle.isEmpty() && !m_choice.keeps()) {
                const Choice wanted{m_choice.method, encodingId, m_choice.params};
                reason = refusal(wanted, *m_tensor, m_workspace.quantServices());
            }
        }
        mark(m_encoding, row, obstacle.isEmpty() ? refused : falls,
             obstacle.isEmpty() ? reason : tr("Falls back to a wider encoding: %1").arg(obstacle), usual);
    }
    for (int row = 1; row < m_method->count(); ++row) {
        const std::string id = m_method->itemData(row).toString().toStdString();
        const auto method = m_workspace.methods->find(id);
        if (!method)
            continue;
        QString reason;
        if (m_tensor && !m_choice.keeps())
            reason = refusal({id, m_choice.encoding, {}}, *m_tensor, m_workspace.quantServices());
        mark(m_method, row, refused, reason, qtext((*method)->info().summary));
    }
}

void ChoiceEditor::methodPicked() {
    const std::string method = m_method->currentData().toString().toStdString();
    Tensor plain; // without a tensor, any shape that blocks divide
    plain.rows = plain.cols = 4096;
    send(withMethod(m_choice, method, m_tensor.value_or(plain), m_workspace.quantServices()));
}

void ChoiceEditor::encodingPicked() {
    QString id = m_encoding->currentData().toString();
    if (id == kAffine)
        id = AffineId{m_group->value() > 1 ? m_group->value() : 64, m_bits->value() > 1 ? m_bits->value() : 4}.id();
    Tensor plain;
    plain.rows = plain.cols = 4096;
    send(withEncoding(m_choice, id.toStdString(), m_tensor.value_or(plain), m_workspace.quantServices()));
}

void ChoiceEditor::affineEdited() {
    Choice next = m_choice;
    next.encoding = AffineId{m_group->value(), m_bits->value()}.id().toStdString();
    send(next);
}

void ChoiceEditor::send(Choice choice) {
    display(choice);
    emit edited(m_choice);
}

} // namespace trilobit
