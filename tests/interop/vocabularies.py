#!/usr/bin/env python3
"""Small vocabularies of every kind and the ids that the libraries of their makers give.

    vocabularies.py FOLDER TEXT...    FOLDER/NAME/tokenizer.json or tokenizer.model, and FOLDER/NAME/ids.json

TEXT: files to learn from. ids.json: [{"text": ..., "ids": [...]}, ...], without special tokens. Needs the Python packages
tokenizers and sentencepiece.
"""
import json
import os
import random
import sys

import sentencepiece
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

SPECIAL = ["<unk>", "<s>", "</s>"]
HARD = ["", " ", "   ", "\n", "\t x", "Hello world", "Hello, World! It's 2024.", "  two  spaces ", "naïve café Ünïcödé ÀÉÎ",
        "cafe\u0301 n\u0303", "ﬁne ① Ⅷ ㎏ ＡＢＣ ｶﾞ", "İstanbul ß ẞ ΑΣ", "中文字符测试 テスト 한국어", "😀😃 x \u200d y", "a\u00a0b\u2003c\u3000d",
        "x\u0000y\u0007z\ufffd", "¼ ⅷ ١٢٣ 12345", "def f(x):\n    return x**2  # é\n", "``quoted'' -- dash – —", "<s> in text </s>",
        "\u202eright\u202c", "e\u0323\u0302 \u1ec7", "supercalifragilisticexpialidocious" * 4, "нещо на Български", "កាន់តែពិសេស"]


def trained(model, normalizer, pre, trainer, texts, decoder=None):
    tokenizer = Tokenizer(model)
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre
    if decoder:
        tokenizer.decoder = decoder
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def cases(texts):
    byte_bpe = dict(trainer=trainers.BpeTrainer(vocab_size=900, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                                                special_tokens=SPECIAL, show_progress=False), texts=texts)
    unigram = dict(trainer=trainers.UnigramTrainer(vocab_size=3500, special_tokens=SPECIAL, unk_token="<unk>",
                                                   show_progress=False), texts=texts)
    words = dict(trainer=trainers.WordPieceTrainer(vocab_size=3000, special_tokens=["[UNK]", "[CLS]", "[SEP]"],
                                                   show_progress=False), texts=texts)
    level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    split = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(r"\p{N}{1,3}"), "isolated"),
                                     pre_tokenizers.ByteLevel(add_prefix_space=False)])
    digits = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), level])
    form = normalizers.Sequence
    yield "bpe-nfc", trained(models.BPE(), normalizers.NFC(), level, **byte_bpe)
    yield "bpe-nfkd-lower", trained(models.BPE(), form([normalizers.NFKD(), normalizers.Lowercase()]), split, **byte_bpe)
    yield "bpe-digits-strip", trained(models.BPE(), form([normalizers.Strip(), normalizers.Replace(Regex(" {2,}"), " ")]), digits,
                                      **byte_bpe)
    yield "unigram", trained(models.Unigram(), None, pre_tokenizers.Metaspace(), **unigram)
    yield "unigram-nfkc", trained(models.Unigram(), form([normalizers.NFKC(), normalizers.Replace("``", '"')]),
                                  pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]), **unigram)
    yield "unigram-never", trained(models.Unigram(), form([normalizers.NFD(), normalizers.StripAccents()]),
                                   pre_tokenizers.Metaspace(prepend_scheme="never"), **unigram)
    yield "wordpiece", trained(models.WordPiece(unk_token="[UNK]"), normalizers.BertNormalizer(),
                               pre_tokenizers.BertPreTokenizer(), **words)
    yield "wordpiece-cased", trained(models.WordPiece(unk_token="[UNK]"), normalizers.BertNormalizer(lowercase=False),
                                     pre_tokenizers.BertPreTokenizer(), **words)


def sentence_pieces(folder, files):
    for name, settings in {"spm-unigram": dict(model_type="unigram"),
                           "spm-unigram-bytes": dict(model_type="unigram", byte_fallback=True, normalization_rule_name="identity",
                                                     remove_extra_whitespaces=False),
                           "spm-bpe-nfkc": dict(model_type="bpe", byte_fallback=True),
                           "spm-bpe": dict(model_type="bpe", byte_fallback=True, normalization_rule_name="identity",
                                           remove_extra_whitespaces=False)}.items():
        place = os.path.join(folder, name)
        os.makedirs(place)
        sentencepiece.SentencePieceTrainer.train(input=",".join(files), model_prefix=os.path.join(place, "tokenizer"),
                                                 vocab_size=6000, hard_vocab_limit=False, character_coverage=0.99, minloglevel=2, **settings)
        os.remove(os.path.join(place, "tokenizer.vocab"))
        processor = sentencepiece.SentencePieceProcessor(model_file=os.path.join(place, "tokenizer.model"))
        yield place, processor.encode


def main(folder, files):
    lines = []
    for file in files:
        with open(file, encoding="utf-8", errors="ignore") as text:
            lines += text.read(40_000).split("\n")
    random.seed(3)
    samples = HARD + random.sample([line for line in lines if line], 300)
    made = []
    for name, tokenizer in cases(lines):
        place = os.path.join(folder, name)
        os.makedirs(place)
        tokenizer.save(os.path.join(place, "tokenizer.json"))
        made.append((place, lambda text, t=tokenizer: t.encode(text, add_special_tokens=False).ids))
    made += sentence_pieces(folder, files)
    for place, encode in made:
        # Names of special tokens and zero bytes mean different things to the two libraries.
        texts = [text for text in samples if "tokenizer.json" in os.listdir(place) or ("<" not in text and "\0" not in text)]
        with open(os.path.join(place, "ids.json"), "w") as out:
            json.dump([{"text": text, "ids": encode(text)} for text in texts], out)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
