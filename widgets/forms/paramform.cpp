#include "widgets/forms/paramform.h"

#include "widgets/common/format.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QSpinBox>

#include <algorithm>
#include <cmath>
#include <limits>

namespace trilobit {

namespace {

bool sameSpecs(const ParamSpec& a, const ParamSpec& b) {
    return a.key == b.key && a.type == b.type && a.label == b.label && a.minimum == b.minimum && a.maximum == b.maximum
           && a.choices == b.choices && a.defaultValue == b.defaultValue;
}

int toInt(double value) {
    return static_cast<int>(std::clamp(value, static_cast<double>(std::numeric_limits<int>::min()),
                                       static_cast<double>(std::numeric_limits<int>::max())));
}

} // namespace

ParamForm::ParamForm(QWidget* parent) : QWidget(parent), m_layout(new QFormLayout(this)) {
    setObjectName(QStringLiteral("paramForm"));
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
}

void ParamForm::setSpecs(const std::vector<ParamSpec>& specs, const ParamValues& values) {
    const bool same = specs.size() == m_editors.size()
                      && std::equal(specs.begin(), specs.end(), m_editors.begin(),
                                    [](const ParamSpec& spec, const Editor& editor) { return sameSpecs(spec, editor.spec); });
    if (!same) {
        while (m_layout->rowCount() > 0)
            m_layout->removeRow(0);
        m_editors.clear();
        for (const ParamSpec& spec : specs) {
            m_editors.push_back(makeEditor(spec));
            QWidget* widget = m_editors.back().widget;
            widget->setObjectName(QStringLiteral("param_") + qtext(spec.key));
            widget->setAccessibleName(qtext(spec.label));
            widget->setToolTip(qtext(spec.help));
            auto* label = new QLabel(qtext(spec.label), this);
            label->setToolTip(qtext(spec.help));
            label->setBuddy(widget);
            m_layout->addRow(label, widget);
        }
    }
    for (const Editor& editor : m_editors) {
        const auto found = values.find(editor.spec.key);
        const QSignalBlocker quiet(editor.widget);
        editor.write(found != values.end() ? found->second : editor.spec.defaultValue);
    }
}

ParamValues ParamForm::values() const {
    ParamValues out;
    for (const Editor& editor : m_editors)
        if (ParamValue value = editor.read(); value != editor.spec.defaultValue)
            out.emplace(editor.spec.key, std::move(value));
    return out;
}

int ParamForm::labelWidth() const {
    int width = 0;
    for (const Editor& editor : m_editors)
        if (const QWidget* label = m_layout->labelForField(editor.widget))
            width = std::max(width, label->sizeHint().width());
    return width;
}

void ParamForm::setLabelWidth(int width) {
    for (const Editor& editor : m_editors)
        if (QWidget* label = m_layout->labelForField(editor.widget))
            label->setMinimumWidth(width);
}

ParamForm::Editor ParamForm::makeEditor(const ParamSpec& spec) {
    Editor editor{spec, nullptr, {}, {}};
    switch (spec.type) {
    case ParamType::Bool: {
        auto* box = new QCheckBox(this);
        editor.widget = box;
        editor.read = [box] { return ParamValue(box->isChecked()); };
        editor.write = [box](const ParamValue& value) {
            const bool* flag = std::get_if<bool>(&value);
            box->setChecked(flag && *flag);
        };
        connect(box, &QCheckBox::toggled, this, &ParamForm::edited);
        break;
    }
    case ParamType::Integer: {
        auto* box = new QSpinBox(this);
        box->setRange(toInt(spec.minimum), toInt(spec.maximum));
        box->setKeyboardTracking(false);
        editor.widget = box;
        editor.read = [box] { return ParamValue(static_cast<std::int64_t>(box->value())); };
        editor.write = [box](const ParamValue& value) {
            if (const auto* integer = std::get_if<std::int64_t>(&value))
                box->setValue(toInt(static_cast<double>(*integer)));
        };
        connect(box, &QSpinBox::valueChanged, this, &ParamForm::edited);
        break;
    }
    case ParamType::Real: {
        auto* box = new QDoubleSpinBox(this);
        const double span = spec.maximum - spec.minimum;
        const int decimals = span > 0 ? std::clamp(4 - static_cast<int>(std::floor(std::log10(span))), 2, 9) : 6;
        box->setDecimals(decimals);
        box->setRange(spec.minimum, spec.maximum);
        box->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
        box->setKeyboardTracking(false);
        editor.widget = box;
        // What was not touched keeps all its digits, whatever the box can show.
        editor.read = [box]() -> ParamValue {
            const QVariant kept = box->property("exact");
            const double known = kept.isValid() ? kept.toDouble() : 0;
            return kept.isValid() && box->value() == box->valueFromText(box->textFromValue(known)) ? known : box->value();
        };
        editor.write = [box](const ParamValue& value) {
            double real = 0;
            if (const double* exact = std::get_if<double>(&value))
                real = *exact;
            else if (const auto* integer = std::get_if<std::int64_t>(&value))
                real = static_cast<double>(*integer);
            box->setProperty("exact", real);
            box->setValue(real);
        };
        connect(box, &QDoubleSpinBox::valueChanged, this, &ParamForm::edited);
        break;
    }
    case ParamType::Choice: {
        auto* box = new QComboBox(this);
        for (const std::string& choice : spec.choices)
            box->addItem(qtext(choice));
        editor.widget = box;
        editor.read = [box] { return ParamValue(box->currentText().toStdString()); };
        editor.write = [box](const ParamValue& value) {
            if (const auto* text = std::get_if<std::string>(&value))
                box->setCurrentIndex(box->findText(qtext(*text)));
        };
        connect(box, &QComboBox::currentIndexChanged, this, &ParamForm::edited);
        break;
    }
    }
    return editor;
}

} // namespace trilobit
