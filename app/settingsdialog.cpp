#include "app/settingsdialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>

#include <algorithm>

namespace trilobit {

SettingsDialog::SettingsDialog(Settings& settings, QWidget* parent)
    : QDialog(parent), m_settings(settings), m_before(settings.theme()), m_theme(new QComboBox(this)),
      m_language(new QComboBox(this)), m_scale(new QComboBox(this)) {
    setObjectName(QStringLiteral("settingsDialog"));
    setWindowTitle(tr("Settings"));
    m_theme->setObjectName(QStringLiteral("settingsTheme"));
    m_theme->setAccessibleName(tr("Colours of the window"));
    for (const auto& [choice, text] :
         {std::pair(ThemeChoice::System, tr("As the system")), std::pair(ThemeChoice::Light, tr("Light")),
          std::pair(ThemeChoice::Dark, tr("Dark"))})
        m_theme->addItem(text, themeChoiceName(choice));
    m_theme->setCurrentIndex(m_theme->findData(themeChoiceName(m_before)));
    m_language->setObjectName(QStringLiteral("settingsLanguage"));
    m_language->setAccessibleName(tr("Language of the window"));
    m_language->addItem(tr("As the system"), QStringLiteral("system"));
    m_language->addItem(QStringLiteral("English"), QStringLiteral("en"));
    m_language->addItem(QStringLiteral("Deutsch"), QStringLiteral("de"));
    m_language->setCurrentIndex(std::max(0, m_language->findData(settings.language())));
    m_scale->setObjectName(QStringLiteral("settingsScale"));
    m_scale->setAccessibleName(tr("Size of text and controls"));
    for (const int percent : Settings::kScales)
        m_scale->addItem(QStringLiteral("%1 %").arg(percent), percent);
    m_scale->setCurrentIndex(std::max(0, m_scale->findData(settings.scale())));
    auto* note = new QLabel(tr("Language and size change when the program starts again."), this);
    note->setWordWrap(true);
    note->setProperty("role", "muted");
    auto* form = new QFormLayout;
    form->addRow(tr("&Colours"), m_theme);
    form->addRow(tr("&Language"), m_language);
    form->addRow(tr("&Size of everything"), m_scale);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(12);
    layout->addLayout(form);
    layout->addWidget(note);
    layout->addStretch(1);
    layout->addWidget(buttons);
    resize(400, 220);
    connect(m_theme, &QComboBox::currentIndexChanged, this,
            [this] { emit themeChosen(themeChoiceFromName(m_theme->currentData().toString())); });
    connect(buttons, &QDialogButtonBox::accepted, this, &SettingsDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(this, &QDialog::rejected, this, [this] { emit themeChosen(m_before); });
}

void SettingsDialog::accept() {
    m_settings.setTheme(themeChoiceFromName(m_theme->currentData().toString()));
    m_settings.setLanguage(m_language->currentData().toString());
    m_settings.setScale(m_scale->currentData().toInt());
    m_settings.sync();
    QDialog::accept();
}

} // namespace trilobit
