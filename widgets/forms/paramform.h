// ParamForm: editors for a method's parameters, made from its ParamSpec list.
#pragma once

#include "core/pluginapi/paramspec.h"

#include <QWidget>

#include <functional>
#include <vector>

class QFormLayout;

namespace trilobit {

class ParamForm : public QWidget {
    Q_OBJECT
public:
    explicit ParamForm(QWidget* parent = nullptr);
    /// Builds the editors anew when the specs differ, and shows `values` (defaults where a key is missing). Silent.
    void setSpecs(const std::vector<ParamSpec>& specs, const ParamValues& values);
    /// Only what differs from the defaults: equal settings give equal recipes.
    ParamValues values() const;
    /// Width that the longest label needs, and the width for all of them: forms one above the other line up.
    int labelWidth() const;
    void setLabelWidth(int width);

signals:
    void edited(); ///< by the person, not by setSpecs()

private:
    struct Editor {
        ParamSpec spec;
        QWidget* widget = nullptr;
        std::function<ParamValue()> read;
        std::function<void(const ParamValue&)> write;
    };
    Editor makeEditor(const ParamSpec& spec);

    QFormLayout* m_layout;
    std::vector<Editor> m_editors;
};

} // namespace trilobit
