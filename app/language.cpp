#include "app/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace trilobit {

void installLanguage(const QString& language) {
    static constexpr auto kOwn = "trilobitTranslator", kQt = "qtTranslator";
    QCoreApplication* application = QCoreApplication::instance();
    for (const char* name : {kOwn, kQt})
        delete application->findChild<QTranslator*>(QLatin1String(name), Qt::FindDirectChildrenOnly); // takes itself out
    const QLocale locale = language == QLatin1String("system") ? QLocale::system() : QLocale(language);
    if (locale.language() == QLocale::English)
        return;
    const auto install = [&](const char* name, const QString& file, const QString& folder) {
        auto* translator = new QTranslator(application);
        translator->setObjectName(QLatin1String(name));
        if (translator->load(locale, file, QStringLiteral("_"), folder)
            && QCoreApplication::installTranslator(translator))
            return true;
        delete translator;
        return false;
    };
    // Buttons in a language that the rest does not speak would only confuse.
    if (install(kOwn, QStringLiteral("trilobit"), QStringLiteral(":/i18n")))
        install(kQt, QStringLiteral("qtbase"), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
}

} // namespace trilobit
