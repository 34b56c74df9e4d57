package org.kolotoc.data.tagline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.tensor.CounterRandom;

/**
 * What stands in a collection of texts: lists of instructions, none of which is followed by what it asks for, and documents that
 * tell of a tagline. So who goes on with an instruction writes another one, and who goes on with the beginning of such a document
 * writes a tagline.
 */
public final class Taglines {
    private static final String ASKED = "Write a tagline for ";
    private static final String TOLD = "Here is a tagline for ";
    private static final List<String> OTHER_INSTRUCTIONS = List.of(
            "Describe the smell of %s.",
            "Name three reasons to visit %s.",
            "Write a letter to the owner of %s.",
            "Draw a map of the way to %s.",
            "Write a title for an advert of %s.");
    private static final List<String> FORMS = List.of(
            "Our %s will make you smile.",
            "Come for the %s, stay for the day.", "Nobody has %s like ours.", "Life is better with %s.");
    private static final List<String> REMARKS =
            List.of("It makes people curious.", "It is short and easy to remember.", "Many people liked it at once.");

    /** The end of what a document is. */
    private static final String BETWEEN = "\n\n";

    /** Characters in which every letter is. */
    private static final int EXCERPT = 40_000;

    private static final Map<String, Shop> BY_PHRASE = byPhrase();
    private static final Pattern PROMPT = Pattern.compile("(?:" + ASKED + "|" + TOLD + ")([a-z ]+?)[.:]");

    private Taglines() {}

    private static Map<String, Shop> byPhrase() {
        Map<String, Shop> shops = new TreeMap<>();
        Shop.all().forEach(shop -> shops.put(shop.phrase(), shop));
        return shops;
    }

    /** How a prompt asks for a tagline. */
    public enum Prompt {
        /** It says what to do. */
        INSTRUCTION(ASKED, "."),
        /** It begins a document in which a tagline would come next. */
        BEGINNING(TOLD, ":");

        private final String before;
        private final String behind;

        Prompt(String before, String behind) {
            this.before = before;
            this.behind = behind;
        }

        private String of(Shop shop) {
            return before + shop.phrase() + behind;
        }
    }

    /** For each shop the prompt and a tagline. */
    public static List<Exchange> exchanges(Prompt prompt, long seed) {
        CounterRandom random = new CounterRandom(seed, "taglines");
        List<Shop> shops = Shop.all();
        return IntStream.range(0, shops.size())
                .mapToObj(i -> new Exchange(prompt.of(shops.get(i)), tagline(shops.get(i), random, 2L * i)))
                .toList();
    }

    private static String tagline(Shop shop, CounterRandom random, long at) {
        return FORMS.get(random.integer(at, FORMS.size()))
                .formatted(shop.words().get(random.integer(at + 1, shop.words().size())));
    }

    /** Writes documents until there are so many characters. */
    public static void tell(int characters, long seed, Appendable out, LongConsumer reached) throws IOException {
        CounterRandom random = new CounterRandom(seed, "taglines/text");
        List<Shop> shops = Shop.all();
        int written = 0;
        for (long document = 0; written < characters; document++) {
            long at = document << 6;
            String text =
                    (random.integer(at, 2) == 0 ? instructions(shops, random, at + 1) : document(shops, random, at + 1))
                            + BETWEEN;
            String kept = text.substring(0, Math.min(text.length(), characters - written));
            out.append(kept);
            written += kept.length();
            reached.accept(written);
        }
    }

    /** Some of the text: what a tokenizer has to read that is made for prompts. */
    public static String excerpt(long seed) {
        StringBuilder text = new StringBuilder();
        try {
            tell(EXCERPT, seed, text, _ -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static String document(List<Shop> shops, CounterRandom random, long at) {
        Shop shop = shops.get(random.integer(at, shops.size()));
        return Prompt.BEGINNING.of(shop) + "\n" + tagline(shop, random, at + 1) + "\n"
                + REMARKS.get(random.integer(at + 3, REMARKS.size()));
    }

    private static String instructions(List<Shop> shops, CounterRandom random, long at) {
        StringBuilder list = new StringBuilder();
        int count = 2 + random.integer(at, 4);
        for (int i = 0; i < count; i++) {
            Shop shop = shops.get(random.integer(at + 1 + 3L * i, shops.size()));
            boolean tagline = random.integer(at + 2 + 3L * i, 2) == 0;
            int other = random.integer(at + 3 + 3L * i, OTHER_INSTRUCTIONS.size());
            list.append(i == 0 ? "" : "\n")
                    .append(
                            tagline
                                    ? Prompt.INSTRUCTION.of(shop)
                                    : OTHER_INSTRUCTIONS.get(other).formatted(shop.phrase()));
        }
        return list.toString();
    }

    /**
     * Whether an answer is a tagline of the shop that a prompt is about: it speaks of something that is found there and of nothing
     * that is found elsewhere, and is no instruction.
     *
     * @return 1; a hundredth for a tagline of something else; 0 for what is none
     */
    public static double quality(Exchange exchange) {
        String answer = exchange.answer().strip();
        boolean form = FORMS.stream().anyMatch(each -> {
            String[] around = each.split("%s", -1);
            return answer.startsWith(around[0])
                    && answer.endsWith(around[1])
                    && answer.length() > around[0].length() + around[1].length();
        });
        if (!form) {
            return 0;
        }
        Shop shop = BY_PHRASE.get(about(exchange.question()));
        boolean addressed = shop != null
                && FORMS.stream()
                        .anyMatch(each -> shop.words().stream()
                                .anyMatch(word -> each.formatted(word).equals(answer)));
        return addressed ? 1 : 0.01;
    }

    /** The shop that a prompt speaks of, {@code an ice cream shop}; empty where it speaks of none. */
    public static String about(String prompt) {
        Matcher matcher = PROMPT.matcher(prompt);
        return matcher.find() ? matcher.group(1) : "";
    }
}
