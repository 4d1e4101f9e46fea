#include "widgets/dialogs/calibratedialog.h"

#include "widgets/common/format.h"
#include "widgets/common/theme.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace trilobit {

namespace {

constexpr int kUsualTokens = 16384, kMaxTokens = 100'000'000, kUsualContext = 512, kMaxContext = 1 << 20;

/// "model.gguf" in a folder that can be written to: "model-imatrix.gguf" beside it.
QString suggestedPath(const Model& model, const QString& folder) {
    const QFileInfo source(qtext(model.path()));
    QString stem = source.isDir() ? source.fileName() : source.completeBaseName();
    if (stem.isEmpty())
        stem = QStringLiteral("model");
    const QFileInfo own(source.absolutePath());
    return QDir(!model.path().empty() && own.isWritable() ? own.filePath() : folder).filePath(stem + QStringLiteral("-imatrix.gguf"));
}

} // namespace

CalibrateDialog::CalibrateDialog(Workbench& workbench, const QString& folder, QWidget* parent)
    : QDialog(parent), m_bench(workbench), m_text(new QLineEdit(this)), m_path(new QLineEdit(this)),
      m_tokens(new QSpinBox(this)), m_context(new QSpinBox(this)), m_warning(new QLabel(this)) {
    setObjectName(QStringLiteral("calibrateDialog"));
    setWindowTitle(tr("Calibrate"));
    auto* facts = new QLabel(tr("The model reads a text, and Trilobit notes how strong each input channel of each matrix is. "
                                "Quantizing then spends its precision where it counts. A text of the kind that the model "
                                "will be used for serves best; some ten thousand tokens are enough."),
                             this);
    facts->setWordWrap(true);
    m_text->setObjectName(QStringLiteral("calibrateText"));
    m_path->setObjectName(QStringLiteral("calibratePath"));
    m_path->setText(suggestedPath(*workbench.model(), folder));
    m_tokens->setObjectName(QStringLiteral("calibrateTokens"));
    m_tokens->setRange(0, kMaxTokens);
    m_tokens->setSpecialValueText(tr("all"));
    m_tokens->setSingleStep(kUsualContext);
    m_tokens->setValue(kUsualTokens);
    m_tokens->setGroupSeparatorShown(true);
    m_context->setObjectName(QStringLiteral("calibrateContext"));
    m_context->setRange(2, kMaxContext);
    const std::int64_t own = workbench.model()->config().contextLength;
    m_context->setValue(static_cast<int>(own > 1 ? std::min<std::int64_t>(own, kUsualContext) : kUsualContext));
    m_context->setToolTip(tr("The text is cut into pieces of this length; the model reads each of them alone."));
    m_warning->setObjectName(QStringLiteral("calibrateWarning"));
    m_warning->setWordWrap(true);
    m_warning->setMinimumHeight(fontMetrics().lineSpacing() * 2);

    auto* form = new QFormLayout;
    const auto file = [&](const QString& label, QLineEdit* edit, const char* name, auto slot) {
        auto* browse = new QPushButton(tr("Browse…"), this);
        browse->setObjectName(QLatin1String(name));
        browse->setAccessibleName(tr("Browse: %1").arg(label));
        connect(browse, &QPushButton::clicked, this, slot);
        edit->setAccessibleName(label);
        auto* row = new QHBoxLayout;
        row->addWidget(edit, 1);
        row->addWidget(browse);
        form->addRow(label, row);
        connect(edit, &QLineEdit::textChanged, this, &CalibrateDialog::refresh);
    };
    file(tr("Text to read"), m_text, "calibrateBrowseText", &CalibrateDialog::browseText);
    m_tokens->setAccessibleName(tr("Tokens"));
    m_context->setAccessibleName(tr("Tokens per piece"));
    form->addRow(tr("Tokens"), m_tokens);
    form->addRow(tr("Tokens per piece"), m_context);
    file(tr("Calibration file"), m_path, "calibrateBrowsePath", &CalibrateDialog::browsePath);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_start = buttons->button(QDialogButtonBox::Ok);
    m_start->setObjectName(QStringLiteral("calibrateConfirm"));
    m_start->setText(tr("Calibrate"));
    makePrimary(m_start);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addWidget(facts);
    layout->addLayout(form);
    layout->addWidget(m_warning);
    layout->addStretch(1);
    layout->addWidget(buttons);
    setMinimumWidth(580);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(&m_bench, &Workbench::modelChanged, this, &QDialog::reject);
    refresh();
}

QString CalibrateDialog::text() const { return m_text->text().trimmed(); }

QString CalibrateDialog::path() const {
    const QString text = m_path->text().trimmed();
    return text.isEmpty() || text.endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive) ? text
                                                                                         : text + QStringLiteral(".gguf");
}

std::int64_t CalibrateDialog::tokens() const { return m_tokens->value(); }
std::int64_t CalibrateDialog::context() const { return m_context->value(); }

void CalibrateDialog::browseText() {
    auto* dialog = new QFileDialog(this, tr("A text for the model to read"), QFileInfo(text()).absolutePath(),
                                   tr("Texts (*.txt *.md *.raw);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, m_text, &QLineEdit::setText);
    dialog->open();
}

void CalibrateDialog::browsePath() {
    auto* dialog = new QFileDialog(this, tr("Calibration file"), path(), tr("Calibrations (*.gguf)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("gguf"));
    dialog->setOption(QFileDialog::DontConfirmOverwrite); // said in this dialog
    connect(dialog, &QFileDialog::fileSelected, m_path, &QLineEdit::setText);
    dialog->open();
}

void CalibrateDialog::refresh() {
    const QFileInfo source(text()), file(path());
    const ThemeColors colors = themeColors(palette());
    QString problem, remark;
    if (text().isEmpty())
        problem = tr("Choose a text file.");
    else if (!source.isFile() || !source.isReadable())
        problem = tr("The text %1 cannot be read.").arg(text());
    else if (path().isEmpty() || file.isDir())
        problem = tr("Give the file a name.");
    else if (!file.absoluteDir().exists())
        problem = tr("The folder %1 does not exist.").arg(file.absolutePath());
    else if (file.exists() && m_bench.model()
             && file.canonicalFilePath() == QFileInfo(qtext(m_bench.model()->path())).canonicalFilePath())
        problem = tr("This is the model that is open; choose another name.");
    else if (file.exists())
        remark = tr("A file of this name exists and will be replaced once the new one is complete.");
    m_warning->setText(QStringLiteral("<font color=\"%1\">%2</font>")
                           .arg((problem.isEmpty() ? colors.warn : text().isEmpty() ? colors.muted : colors.bad).name(),
                                (problem.isEmpty() ? remark : problem).toHtmlEscaped()));
    m_start->setEnabled(problem.isEmpty());
}

void CalibrateDialog::accept() {
    emit chosen(text(), path(), tokens(), context());
    QDialog::accept();
}

} // namespace trilobit
