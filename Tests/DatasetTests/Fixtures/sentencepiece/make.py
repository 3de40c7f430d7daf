"""Makes small models and what SentencePiece itself says of some texts: `pip install sentencepiece`, then `python make.py`."""

import itertools
import json
import os
import tempfile
from pathlib import Path

import sentencepiece

HERE = Path(__file__).resolve().parent
WORDS = ["the cat sat", "on the mat", "a fine film", "the fish finds a fin", "half of it", "sat at the mill", "an old mat"]
RULES = [("FB01", "66 69"), ("3000", "20"), ("9", "20"), ("200B", ""), ("BD", "31 2F 32"), ("65 301", "E9"), ("C9", "E9")]
TEXTS = [
    "the cat", "  the   cat ", "", " ", "\u200b", "\ufb01ne \ufb01lm", "a\u3000mat\tsat", "\u00bd of it", "e\u0301t\u00e9 \u00c9", "caf\u00e9 \u2603\u2603 z",
    "the<x>cat <x> <x", "\u2581cat", "\U0001f600", "a\u200bb", "the mat, the film", "sat\nat", "zzz the", "\u00bd\u00bd <x>\ufb01<x>", "finefilm  ",
]
MODELS = {
    "rules": dict(user_defined_symbols=["<x>"]),
    "bytes": dict(byte_fallback=True, add_dummy_prefix=False, remove_extra_whitespaces=False, vocab_size=310),
    "suffix": dict(treat_whitespace_as_suffix=True, unk_surface="?"),
    "bpe": dict(model_type="bpe"),
}

with tempfile.TemporaryDirectory() as folder:
    # A model remembers the paths of its training.
    os.chdir(folder)
    Path("rules.tsv").write_text("".join(f"{a}\t{b}\n" for a, b in RULES))
    lines = [" ".join(pair) for pair in itertools.permutations(WORDS, 2)]
    for name, options in MODELS.items():
        settings = dict(vocab_size=45, model_type="unigram", normalization_rule_tsv="rules.tsv") | options
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines), model_prefix=name, pad_id=3, character_coverage=1.0, hard_vocab_limit=False,
            num_threads=1, **settings)
        (HERE / f"{name}.model").write_bytes(Path(f"{name}.model").read_bytes())

expected = {}
for name in MODELS:
    if name == "bpe":
        continue
    model = sentencepiece.SentencePieceProcessor(str(HERE / f"{name}.model"))
    expected[name] = [
        {"text": text, "numbers": model.encode(text), "decoded": model.decode(model.encode(text))} for text in TEXTS]
(HERE / "expected.json").write_text(json.dumps(expected) + "\n")
