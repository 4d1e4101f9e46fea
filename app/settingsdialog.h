// SettingsDialog: colours, language and size of the window.
#pragma once

#include "app/settings.h"

#include <QDialog>

class QComboBox;

namespace trilobit {

class SettingsDialog : public QDialog {
    Q_OBJECT
public:
    explicit SettingsDialog(Settings& settings, QWidget* parent = nullptr);
    void accept() override;

signals:
    void themeChosen(trilobit::ThemeChoice theme); ///< at once, also back when the dialog is cancelled

private:
    Settings& m_settings;
    ThemeChoice m_before;
    QComboBox *m_theme, *m_language, *m_scale;
};

} // namespace trilobit
