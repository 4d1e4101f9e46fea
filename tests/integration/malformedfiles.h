// Broken files of every kind that the program reads: each seed cut off, with each field changed, and files that ask for
// much memory or time.
#pragma once

#include <QByteArray>
#include <QString>

#include <functional>

namespace trilobit::test {

struct MalformedFile {
    QString name;     ///< says what is broken
    QByteArray bytes;
};
using MalformedSink = std::function<void(MalformedFile)>;

/// GGUF models: cut at every boundary of a field; counts, lengths, types and offsets changed; headers that claim much.
void malformedGguf(const QByteArray& seed, const MalformedSink& sink);
/// safetensors files: the same, and their headers as JSON.
void malformedSafetensors(const QByteArray& seed, const MalformedSink& sink);
/// JSON texts: cut off, each value replaced by others, and texts that claim much.
void malformedJson(const QByteArray& seed, const MalformedSink& sink);
/// Vocabularies of SentencePiece: cut at and changed in every byte, and files of very many pieces.
void malformedSentencePiece(const QByteArray& seed, const MalformedSink& sink);
/// Any bytes: cut and changed at every `step`-th place.
void malformedBytes(const QByteArray& seed, qsizetype step, const MalformedSink& sink);
/// Chat templates: cut off, nested, endless and large.
void malformedTemplate(const QByteArray& seed, const MalformedSink& sink);
/// A plugin library: cut at its headers, and its metadata changed.
void malformedPlugin(const QByteArray& seed, const MalformedSink& sink);

} // namespace trilobit::test
