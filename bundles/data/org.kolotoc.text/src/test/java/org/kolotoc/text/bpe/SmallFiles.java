package org.kolotoc.text.bpe;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.kolotoc.api.text.Text;
import org.kolotoc.text.bpe.Vocabulary.Merge;

/** A vocabulary of some hundred tokens in the forms that files have. */
public final class SmallFiles {
    private static final String TEXT =
            "Příliš žluťoučký kůň úpěl ďábelské ódy. The quick brown fox jumps over the lazy dog!\n\n".repeat(5)
                    + RandomTexts.of(7, 40, 30).collect(Collectors.joining());

    private static final List<Merge> MERGES = Trainer.learn(Text.of(TEXT), Split.GPT2, 250, 2, (_, _) -> {});
    private static final List<byte[]> TOKENS = new ArrayList<>();
    private static final Map<Byte, Character> CHARACTERS = new HashMap<>();

    static {
        for (char character = 0; character < 512; character++) {
            char one = character;
            ByteCharacters.bytes(String.valueOf(one)).ifPresent(bytes -> CHARACTERS.put(bytes[0], one));
        }
        IntStream.range(0, Trainer.BYTES).forEach(i -> TOKENS.add(new byte[] {(byte) i}));
        for (Merge merge : MERGES) {
            byte[] left = TOKENS.get(merge.left());
            byte[] right = TOKENS.get(merge.right());
            byte[] both = Arrays.copyOf(left, left.length + right.length);
            System.arraycopy(right, 0, both, left.length, right.length);
            TOKENS.add(both);
        }
    }

    private SmallFiles() {}

    static int size() {
        return TOKENS.size();
    }

    /** Characters that stand for the bytes of a token. */
    private static String characters(byte[] token) {
        StringBuilder text = new StringBuilder();
        for (byte found : token) {
            text.append(CHARACTERS.get(found));
        }
        return text.toString();
    }

    /** Tokens and their numbers, and one more that is special. */
    public static JsonObject vocab() {
        JsonObject vocab = new JsonObject();
        for (int i = 0; i < TOKENS.size(); i++) {
            vocab.addProperty(characters(TOKENS.get(i)), i);
        }
        vocab.addProperty("<|endoftext|>", TOKENS.size());
        return vocab;
    }

    /** A pair on each line. */
    public static List<String> merges() {
        return MERGES.stream()
                .map(merge -> characters(TOKENS.get(merge.left())) + " " + characters(TOKENS.get(merge.right())))
                .toList();
    }

    static String ranks() {
        return IntStream.range(0, TOKENS.size())
                .mapToObj(i -> Base64.getEncoder().encodeToString(TOKENS.get(i)) + " " + i)
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
