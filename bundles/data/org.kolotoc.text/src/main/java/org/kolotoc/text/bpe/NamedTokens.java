package org.kolotoc.text.bpe;

import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.api.text.Tokenizer;

/** A tokenizer for texts in which some names are tokens: the leftmost name first, of several at a place the longest. */
public final class NamedTokens implements Tokenizer {
    private final Tokenizer plain;
    private final List<Named> named;
    private final BitSet firsts = new BitSet();

    /**
     * A token with a name.
     *
     * @param takesSpace whether the blanks before it belong to it, and are lost
     */
    public record Named(String name, int token, boolean takesSpace) {}

    /**
     * A tokenizer around another.
     *
     * @param plain reads what is between the names, and decodes all
     */
    public NamedTokens(Tokenizer plain, List<Named> named) {
        this.plain = plain;
        this.named = named.stream()
                .sorted(Comparator.comparing((Named one) -> one.name().length()).reversed())
                .toList();
        named.forEach(one -> firsts.set(one.name().charAt(0)));
    }

    /** A tokenizer around another where all its special tokens may be named. */
    static Tokenizer ofSpecials(Tokenizer plain) {
        return new NamedTokens(
                plain,
                plain.specials().entrySet().stream()
                        .map(special -> new Named(special.getKey(), special.getValue(), false))
                        .toList());
    }

    @Override
    public int vocab() {
        return plain.vocab();
    }

    @Override
    public int[] gaps() {
        return plain.gaps();
    }

    @Override
    public Map<String, Integer> specials() {
        return plain.specials();
    }

    @Override
    public int[] encode(String text) {
        IntStream.Builder tokens = IntStream.builder();
        int begin = 0;
        int at = firsts.isEmpty() ? text.length() : 0;
        while (at < text.length()) {
            Named found = firsts.get(text.charAt(at)) ? at(text, at) : null;
            if (found == null) {
                at++;
                continue;
            }
            int end = at;
            while (found.takesSpace() && end > begin && CharacterClasses.isSpace(text.charAt(end - 1))) {
                end--;
            }
            add(tokens, text, begin, end);
            tokens.add(found.token());
            at += found.name().length();
            begin = at;
        }
        if (begin == 0) {
            return plain.encode(text);
        }
        add(tokens, text, begin, text.length());
        return tokens.build().toArray();
    }

    private void add(IntStream.Builder tokens, String text, int begin, int end) {
        if (begin < end) {
            for (int token : plain.encode(text.substring(begin, end))) {
                tokens.add(token);
            }
        }
    }

    private Named at(String text, int at) {
        for (Named one : named) {
            if (text.startsWith(one.name(), at)) {
                return one;
            }
        }
        return null;
    }

    /** Where the other tokenizer cuts, unless a name might begin before and end after. */
    @Override
    public int cut(CharSequence beginning) {
        int cut = plain.cut(beginning);
        while (cut > 0 && mayBeWithin(beginning, cut)) {
            int before = plain.cut(beginning.subSequence(0, cut));
            cut = before < cut ? before : 0;
        }
        return cut;
    }

    private boolean mayBeWithin(CharSequence text, int cut) {
        for (Named one : named) {
            String name = one.name();
            for (int from = Math.max(0, cut - name.length() + 1); from < cut; from++) {
                int known = Math.min(name.length(), text.length() - from);
                if (name.startsWith(text.subSequence(from, from + known).toString())) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public String decode(int[] tokens) {
        return plain.decode(tokens);
    }

    @Override
    public String state() {
        return plain.state();
    }
}
