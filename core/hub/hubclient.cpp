#include "core/hub/hubclient.h"

#include "core/base/glob.h"
#include "core/base/json.h"
#include "core/hub/hubtransfer.h"

#include <QCryptographicHash>
#include <QFile>

#include <algorithm>
#include <filesystem>

namespace trilobit {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxListBytes = 16u << 20;
constexpr int kMaxPages = 100;
constexpr std::size_t kMaxFiles = 20'000;
constexpr std::size_t kMaxNamed = 12; ///< files that a message lists

bool isPlainName(std::string_view name) {
    return !name.empty() && name.size() <= 96 && name.front() != '.' && name.front() != '-'
           && std::all_of(name.begin(), name.end(), [](char c) {
                  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-'
                         || c == '_';
              });
}

/// A path that stays inside of the folder it is put into, whatever the answer says.
bool isSafePath(const std::string& path) {
    if (path.empty() || path.size() > 1024 || path.find('\\') != std::string::npos || path.find('\0') != std::string::npos)
        return false;
    for (const fs::path& part : fs::path(path))
        if (part == ".." || part == "." || part.empty())
            return false;
    return !fs::path(path).is_absolute() && !path.ends_with(".part");
}

bool isHex(const std::string& text, std::size_t size) {
    return text.size() == size && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

QUrl address(const HubOptions& options, const std::string& path, const std::string& query = {}) {
    QUrl url(QString::fromStdString(options.endpoint));
    QString base = url.path();
    while (base.endsWith(QLatin1Char('/')))
        base.chop(1);
    url.setPath(base + QString::fromStdString(path), QUrl::DecodedMode);
    url.setQuery(QString::fromStdString(query));
    return url;
}

Result<void> checkOptions(const std::string& repository, const HubOptions& options) {
    TRILOBIT_CHECK(checkRepositoryName(repository));
    TRILOBIT_CHECK(checkEndpoint(options.endpoint));
    if (!isSafePath(options.revision))
        return fail(ErrorCode::Usage, "the revision is not a branch, tag or commit");
    for (const char c : options.token)
        if (c < 33 || c > 126)
            return fail(ErrorCode::Usage, "the token holds characters that no token has");
    return {};
}

Result<void> readPage(const Json& page, std::vector<HubFile>& files) {
    const auto broken = [](std::string why) { return fail(ErrorCode::Format, "the list of files makes no sense: " + std::move(why)); };
    if (!page.isArray())
        return broken("expected an array");
    for (const Json& entry : page.items()) {
        if (entry["type"].toString() != "file")
            continue;
        HubFile file;
        file.path = entry["path"].toString();
        const Json& large = entry["lfs"];
        const std::int64_t size = (large.isObject() ? large["size"] : entry["size"]).toInt(-1);
        if (!isSafePath(file.path))
            return broken("a path that leads out of the folder, or none");
        if (size < 0)
            return broken(file.path + " has no size");
        file.bytes = static_cast<std::uint64_t>(size);
        std::string sum = (large.isObject() ? large["oid"] : entry["oid"]).toString();
        if (sum.starts_with("sha256:"))
            sum.erase(0, 7);
        if (!isHex(sum, large.isObject() ? 64 : 40))
            return broken(file.path + " has no checksum");
        (large.isObject() ? file.sha256 : file.gitSha) = sum;
        files.push_back(std::move(file));
        if (files.size() > kMaxFiles)
            return broken("more than " + std::to_string(kMaxFiles) + " files");
    }
    return {};
}

std::string sizeText(std::uint64_t bytes) {
    const std::uint64_t tenths = bytes / 100'000'000; // of a gigabyte
    return bytes >= 1'000'000'000 ? std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB"
                                  : std::to_string((bytes + 999'999) / 1'000'000) + " MB";
}

/// The checksum of what is in `path`; cancelled in between.
Result<bool> hasRightSum(const std::string& path, const HubFile& file, RunControl& control) {
    QFile stored(QString::fromStdString(path));
    if (!stored.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io, "cannot be read: " + stored.errorString().toStdString(), path};
    if (static_cast<std::uint64_t>(stored.size()) != file.bytes)
        return false;
    const bool large = !file.sha256.empty();
    QCryptographicHash hash(large ? QCryptographicHash::Sha256 : QCryptographicHash::Sha1);
    if (!large) {
        const QByteArray head = "blob " + QByteArray::number(static_cast<qulonglong>(file.bytes));
        hash.addData(QByteArrayView(head.constData(), head.size() + 1)); // with the zero byte at its end
    }
    for (;;) {
        if (control.isCancelled())
            return cancelledError();
        const QByteArray piece = stored.read(4 << 20);
        if (piece.isEmpty())
            break;
        hash.addData(piece);
    }
    return hash.result().toHex().toStdString() == (large ? file.sha256 : file.gitSha);
}

class Fetcher {
public:
    Fetcher(const std::string& repository, const std::string& folder, const HubOptions& options, RunControl& control)
        : m_repository(repository), m_folder(folder), m_options(options), m_control(control),
          m_transfer(QUrl(QString::fromStdString(options.endpoint)), QByteArray::fromStdString(options.token)) {}

    Result<HubFetched> all(const std::vector<HubFile>& files) {
        for (const HubFile& file : files)
            m_total += static_cast<double>(file.bytes);
        for (const HubFile& file : files) {
            auto done = one(file);
            if (!done)
                return located(std::move(done).error(), (fs::path(m_folder) / file.path).string());
            m_before += static_cast<double>(file.bytes);
        }
        return m_result;
    }

private:
    void report(std::uint64_t inFile, const HubFile& file) {
        m_control.progress(m_before + static_cast<double>(inFile), std::max(1.0, m_total), file.path);
    }

    Result<void> one(const HubFile& file) {
        const fs::path target = fs::path(m_folder) / file.path;
        std::error_code error;
        fs::create_directories(target.parent_path(), error);
        if (error)
            return fail(ErrorCode::Io, "the folder cannot be made: " + error.message());
        if (fs::exists(target, error)) {
            TRILOBIT_TRY(const bool same, hasRightSum(target.string(), file, m_control));
            if (!same)
                return fail(ErrorCode::Usage, "is there already and is another file; move it away or name another folder");
            ++m_result.alreadyThere;
            return {};
        }
        const std::string part = target.string() + ".part";
        TRILOBIT_CHECK(receive(file, part));
        TRILOBIT_TRY(const bool right, hasRightSum(part, file, m_control));
        if (!right) {
            fs::remove(part, error);
            return fail(ErrorCode::Format, "what arrived is not what its checksum says; it was thrown away");
        }
        fs::rename(part, target, error);
        if (error)
            return fail(ErrorCode::Io, "cannot get its name: " + error.message());
        ++m_result.files;
        return {};
    }

    Result<void> receive(const HubFile& file, const std::string& part) {
        QFile out(QString::fromStdString(part));
        if (!out.open(QIODevice::ReadWrite))
            return fail(ErrorCode::Io, "cannot be written: " + out.errorString().toStdString());
        std::uint64_t have = static_cast<std::uint64_t>(out.size());
        if (have > file.bytes) {
            out.resize(0);
            have = 0;
        }
        if (have == file.bytes) {
            m_result.resumed += have;
            return {};
        }
        std::error_code error;
        const auto room = fs::space(m_folder, error);
        if (!error && room.available < file.bytes - have)
            return fail(ErrorCode::Io, "needs " + sizeText(file.bytes - have) + ", but the disk has "
                                           + sizeText(room.available) + " left");
        const std::uint64_t start = have;
        out.seek(static_cast<qint64>(have));
        bool first = true;
        const auto sink = [&](const QByteArray& piece, bool partial) -> Result<void> {
            if (first && !partial && have > 0) { // the server begins anew
                out.resize(0);
                out.seek(0);
                have = 0;
            }
            first = false;
            have += static_cast<std::uint64_t>(piece.size());
            if (have > file.bytes)
                return fail(ErrorCode::Format, "more arrives than the " + std::to_string(file.bytes) + " bytes announced");
            if (out.write(piece) != piece.size())
                return fail(ErrorCode::Io, "cannot be written: " + out.errorString().toStdString());
            m_result.bytes += static_cast<std::uint64_t>(piece.size());
            report(have, file);
            return {};
        };
        const QUrl url = address(m_options, "/" + m_repository + "/resolve/" + m_options.revision + "/" + file.path);
        TRILOBIT_TRY(const HubAnswer answer, m_transfer.get(url, start, sink, m_control));
        m_result.resumed += answer.partial ? start : 0;
        if (!out.flush())
            return fail(ErrorCode::Io, "cannot be written: " + out.errorString().toStdString());
        if (have < file.bytes)
            return fail(ErrorCode::Io, "only " + std::to_string(have) + " of " + std::to_string(file.bytes)
                                           + " bytes arrived; the next try goes on from there");
        return {};
    }

    const std::string& m_repository;
    const std::string& m_folder;
    const HubOptions& m_options;
    RunControl& m_control;
    HubTransfer m_transfer;
    HubFetched m_result;
    double m_total = 0, m_before = 0;
};

} // namespace

Result<void> checkRepositoryName(std::string_view repository) {
    const std::size_t slash = repository.find('/');
    const bool good = slash == std::string_view::npos
                          ? isPlainName(repository)
                          : isPlainName(repository.substr(0, slash)) && isPlainName(repository.substr(slash + 1));
    if (!good)
        return fail(ErrorCode::Usage, "expected the name of a repository, like HuggingFaceTB/SmolLM2-135M-Instruct");
    return {};
}

Result<void> checkEndpoint(std::string_view endpoint) {
    const QUrl url(QString::fromUtf8(endpoint.data(), static_cast<qsizetype>(endpoint.size())), QUrl::StrictMode);
    const bool http = url.scheme() == QLatin1String("https") || url.scheme() == QLatin1String("http");
    if (!url.isValid() || !http || url.host().isEmpty() || url.hasQuery() || !url.userInfo().isEmpty())
        return fail(ErrorCode::Usage, "expected the address of a server, like https://huggingface.co");
    return {};
}

Result<std::vector<HubFile>> listHubFiles(const std::string& repository, const HubOptions& options, RunControl& control) {
    TRILOBIT_CHECK(checkOptions(repository, options));
    HubTransfer transfer(QUrl(QString::fromStdString(options.endpoint)), QByteArray::fromStdString(options.token));
    std::vector<HubFile> files;
    QUrl url = address(options, "/api/models/" + repository + "/tree/" + options.revision, "recursive=true");
    for (int page = 0; page < kMaxPages && !url.isEmpty(); ++page) {
        std::string text;
        const auto sink = [&](const QByteArray& piece, bool) -> Result<void> {
            if (text.size() + static_cast<std::size_t>(piece.size()) > kMaxListBytes)
                return fail(ErrorCode::Format, "the list of files is larger than " + std::to_string(kMaxListBytes) + " bytes");
            text.append(piece.constData(), static_cast<std::size_t>(piece.size()));
            return {};
        };
        auto answer = transfer.get(url, 0, sink, control);
        if (!answer)
            return located(std::move(answer).error(), repository);
        auto json = Json::parse(text);
        if (!json)
            return located(std::move(json).error(), repository);
        auto read = readPage(*json, files);
        if (!read)
            return located(std::move(read).error(), repository);
        url = answer->next;
    }
    std::sort(files.begin(), files.end(), [](const HubFile& a, const HubFile& b) { return a.path < b.path; });
    return files;
}

Result<std::vector<HubFile>> chooseHubFiles(const std::vector<HubFile>& all, const std::vector<std::string>& globs) {
    std::vector<HubFile> out;
    const auto describe = [&](const std::vector<HubFile>& files) {
        std::string text;
        for (std::size_t i = 0; i < files.size() && i < kMaxNamed; ++i)
            text += (i ? ", " : "") + files[i].path + " (" + sizeText(files[i].bytes) + ")";
        return files.size() > kMaxNamed ? text + ", …" : text;
    };
    if (!globs.empty()) {
        for (const std::string& glob : globs)
            TRILOBIT_CHECK(globCheck(glob));
        std::copy_if(all.begin(), all.end(), std::back_inserter(out), [&](const HubFile& file) {
            return std::any_of(globs.begin(), globs.end(), [&](const std::string& g) { return globMatch(g, file.path); });
        });
        if (out.empty())
            return fail(ErrorCode::Usage, "no file matches; there are " + describe(all));
        return out;
    }
    static const char* const kUseful[] = {"config.json", "generation_config.json", "tokenizer*", "special_tokens_map.json",
                                          "chat_template.jinja", "*.safetensors", "model.safetensors.index.json", "LICENSE*"};
    std::vector<HubFile> ggufs;
    bool weights = false, config = false;
    for (const HubFile& file : all) {
        if (file.path.ends_with(".gguf"))
            ggufs.push_back(file);
        if (file.path.find('/') != std::string::npos
            || std::none_of(std::begin(kUseful), std::end(kUseful), [&](const char* g) { return globMatch(g, file.path); }))
            continue;
        weights = weights || file.path.ends_with(".safetensors");
        config = config || file.path == "config.json";
        out.push_back(file);
    }
    if (weights && config)
        return out;
    if (ggufs.size() == 1)
        return ggufs;
    if (!ggufs.empty())
        return fail(ErrorCode::Usage, "choose with --file; there are " + describe(ggufs));
    return fail(ErrorCode::Usage, "holds neither a GGUF file nor safetensors with a config.json");
}

Result<HubFetched> fetchHubFiles(const std::string& repository, const std::vector<HubFile>& files, const std::string& folder,
                                 const HubOptions& options, RunControl& control) {
    TRILOBIT_CHECK(checkOptions(repository, options));
    for (const HubFile& file : files)
        if (!isSafePath(file.path))
            return fail(ErrorCode::Usage, "a path that leads out of the folder");
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        return Error{ErrorCode::Io, "cannot be made: " + error.message(), folder};
    return Fetcher(repository, folder, options, control).all(files);
}

} // namespace trilobit
