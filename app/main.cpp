// trilobit: the window.
#include "app/appcontext.h"
#include "app/gallery.h"
#include "app/language.h"
#include "app/mainwindow.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFontDatabase>
#include <QTemporaryDir>
#include <QTimer>

#include <cstdio>
#include <cstring>
#include <exception>
#include <new>

namespace {

using namespace trilobit;

constexpr int kMaxThreads = 1024;
constexpr int kMaxModels = 3; // panes of the chat beside the quantized model's

/// Without a desktop the default font is whatever comes first; a narrow, calm one shows more of a table.
void chooseFont() {
    const QString family = QStringLiteral("Noto Sans");
    const bool desktop = !qEnvironmentVariableIsEmpty("XDG_CURRENT_DESKTOP");
    if (!desktop && QFontDatabase::hasFamily(family))
        QApplication::setFont(QFont(family, 9));
}

int run(QApplication& application) {
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("A workbench for low-bit language models."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("MODEL"), QStringLiteral("GGUF file, safetensors file or model folder; further ones get panes of "
                                                "their own in the chat"),
                                 QStringLiteral("[MODEL...]"));
    const QCommandLineOption gallery(QStringLiteral("gallery"),
                                     QStringLiteral("Draw every view on MODEL as PNG files in DIR, then end."),
                                     QStringLiteral("DIR"));
    const QCommandLineOption views(QStringLiteral("views"),
                                   QStringLiteral("With --gallery: only these, with commas (map,weights,dialogs)."),
                                   QStringLiteral("NAMES"));
    const QCommandLineOption width(QStringLiteral("gallery-width"),
                                   QStringLiteral("With --gallery: only small windows, in pictures of that many pixels."),
                                   QStringLiteral("PIXELS"));
    const QCommandLineOption demo(QStringLiteral("demo"), QStringLiteral("Open the bundled demo models in the chat."));
    const QCommandLineOption store(QStringLiteral("store"), QStringLiteral("Record runs in FILE; none: not at all."),
                                   QStringLiteral("FILE"));
    const QCommandLineOption threads(QStringLiteral("threads"), QStringLiteral("Threads to compute with; 0: all."),
                                     QStringLiteral("N"));
    const QCommandLineOption language(QStringLiteral("language"),
                                      QStringLiteral("This time: en, de, or system for that of the desktop."),
                                      QStringLiteral("NAME"));
    parser.addOptions({gallery, views, width, demo, store, threads, language});
    parser.process(application);

    AppContext::Options options;
    options.store = parser.value(store);
    if (parser.isSet(threads)) {
        bool number = false;
        options.threads = parser.value(threads).toInt(&number);
        if (!number || options.threads < 0 || options.threads > kMaxThreads) {
            std::fprintf(stderr, "trilobit: --threads is a number between 0 (all) and %d\n", kMaxThreads);
            return 2;
        }
    }
    const QStringList models = parser.positionalArguments();
    if (models.size() > kMaxModels || (parser.isSet(gallery) && models.isEmpty())) {
        std::fprintf(stderr, "trilobit: expected %s\n", models.isEmpty() ? "a model" : "at most three models");
        return 2;
    }
    chooseFont();
    // Pictures must not leave runs, recipes or conversations of their own among the person's.
    QTemporaryDir scratch;
    if (parser.isSet(gallery)) {
        qputenv("TRILOBIT_CONFIG", scratch.path().toUtf8());
        if (options.store.isEmpty())
            options.store = scratch.filePath(QStringLiteral("experiments.sqlite"));
    }
    AppContext context(options);
    installLanguage(parser.isSet(language) ? parser.value(language) : context.settings().language());
    applyTheme(application, context.settings().theme());
    MainWindow window(context);
    if (parser.isSet(gallery)) {
        GalleryOptions pictures;
        pictures.folder = parser.value(gallery);
        pictures.models = models;
        pictures.views = parser.value(views).split(QLatin1Char(','), Qt::SkipEmptyParts);
        pictures.width = parser.value(width).toInt();
        const Result<int> drawn = drawGallery(context, window, pictures);
        if (!drawn) {
            std::fprintf(stderr, "trilobit: %s\n", drawn.error().text().c_str());
            return 1;
        }
        std::printf("%d pictures\n", *drawn);
        return 0;
    }
    window.show();
    // After the first frame, so that the person sees a window at once.
    if (!models.isEmpty())
        QTimer::singleShot(0, &window, [&window, models] { window.openTogether(models); });
    else if (parser.isSet(demo))
        QTimer::singleShot(0, &window, &MainWindow::openDemo);
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) // the gallery needs no display
        if (std::strncmp(argv[i], "--gallery", 9) == 0 && qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
            qputenv("QT_QPA_PLATFORM", "offscreen");
    try {
        QCoreApplication::setApplicationName(QStringLiteral("trilobit")); // the settings are found by it
        if (const int scale = Settings().scale(); scale != 100 && qEnvironmentVariableIsEmpty("QT_SCALE_FACTOR"))
            qputenv("QT_SCALE_FACTOR", QByteArray::number(scale / 100.0)); // only read before the application exists
        QApplication application(argc, argv);
        QApplication::setApplicationDisplayName(QStringLiteral("Trilobit"));
        QApplication::setApplicationVersion(QStringLiteral(TRILOBIT_VERSION));
        return run(application);
    } catch (const std::bad_alloc&) {
        std::fputs("trilobit: not enough memory\n", stderr);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "trilobit: internal error: %s\n", problem.what());
    }
    return 1;
}
