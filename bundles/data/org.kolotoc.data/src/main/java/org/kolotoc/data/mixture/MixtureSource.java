package org.kolotoc.data.mixture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.service.component.annotations.Component;

/** The seat of a mixture of documents by shares of tokens (as in Touvron et al., arXiv:2302.13971, table 1). */
@Component
@Seat(kind = Seat.DATA, id = "mixture", summary = "documents of several sources, by shares of tokens")
public final class MixtureSource implements DataSource<MixtureSettings> {
    @Override
    public Class<MixtureSettings> settings() {
        return MixtureSettings.class;
    }

    @Override
    public Dataset open(MixtureSettings settings, DataContext context) {
        check(settings);
        Map<String, List<String>> train = new LinkedHashMap<>();
        Map<String, List<String>> heldOut = new LinkedHashMap<>();
        StringBuilder text = new StringBuilder();
        settings.sources().forEach((name, source) -> {
            train.put(name, new ArrayList<>());
            heldOut.put(name, new ArrayList<>());
            source.documents().read(context, document -> {
                boolean held = measured(settings, name) && isHeldOut(document, settings.heldOut());
                (held ? heldOut : train).get(name).add(document);
                text.append(held ? "" : document).append(held ? "" : "\n");
            });
            if (train.get(name).isEmpty()) {
                throw InputError.field("sources." + name + ".documents", "there is no document for training in it");
            }
            context.reached(
                    "reading documents", train.size(), settings.sources().size());
        });
        Tokenizer tokenizer = context.tokenizer(Text.of(text.toString()));
        int end = end(settings.end(), tokenizer);
        Map<String, List<int[]>> tokens = new LinkedHashMap<>();
        train.forEach((name, documents) -> tokens.put(name, encoded(documents, tokenizer, end)));
        return new Mixture(
                kinds(settings, tokens),
                heldOut.entrySet().stream()
                        .map(each -> encoded(each.getValue(), tokenizer, end))
                        .toList(),
                tokenizer.vocab(),
                settings.packing());
    }

    private static void check(MixtureSettings settings) {
        Map<String, MixtureSettings.Source> sources = settings.sources();
        if (sources.isEmpty()) {
            throw InputError.field("sources", "is empty; expected at least one source");
        }
        long without =
                sources.values().stream().filter(each -> each.share() < 0).count();
        double sum = sources.values().stream()
                .mapToDouble(MixtureSettings.Source::share)
                .sum();
        if (without > 0 && without < sources.size() || sum == 0) {
            throw InputError.field(
                    "sources",
                    sum == 0
                            ? "all shares are 0; expected one above"
                            : without + " of " + sources.size() + " have no share; expected one for each, or none");
        }
        settings.measured().stream()
                .filter(name -> !sources.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw InputError.field(
                            "measured", "'" + name + "' is no source; expected some of " + sources.keySet());
                });
    }

    private static boolean measured(MixtureSettings settings, String source) {
        return settings.measured().isEmpty() || settings.measured().contains(source);
    }

    /** By the document alone. */
    private static boolean isHeldOut(String document, double share) {
        return new CounterRandom(document.hashCode(), "held out").uniform(0) < share;
    }

    private static int end(String named, Tokenizer tokenizer) {
        Integer special = tokenizer.specials().get(named);
        if (special != null) {
            return special;
        }
        int[] tokens;
        try {
            tokens = tokenizer.encode(named);
        } catch (InputError e) {
            throw InputError.field("end", e.getMessage() + "; " + e.next());
        }
        if (tokens.length != 1) {
            throw InputError.field(
                    "end",
                    "\"" + named + "\" is no special token of the experiment's tokenizer, and as text " + tokens.length
                            + " tokens; expected one");
        }
        return tokens[0];
    }

    private static List<int[]> encoded(List<String> documents, Tokenizer tokenizer, int end) {
        return documents.stream()
                .map(document -> {
                    int[] tokens = tokenizer.encode(document);
                    int[] ended = Arrays.copyOf(tokens, tokens.length + 1);
                    ended[tokens.length] = end;
                    return ended;
                })
                .toList();
    }

    private static List<Mixture.Kind> kinds(MixtureSettings settings, Map<String, List<int[]>> tokens) {
        Map<String, Double> shares = new LinkedHashMap<>();
        settings.sources()
                .forEach((name, source) -> shares.put(
                        name,
                        source.share() < 0
                                ? tokens.get(name).stream()
                                        .mapToLong(document -> document.length)
                                        .sum()
                                : source.share()));
        double sum = shares.values().stream().mapToDouble(share -> share).sum();
        return shares.entrySet().stream()
                .map(each -> new Mixture.Kind(each.getKey(), each.getValue() / sum, tokens.get(each.getKey())))
                .toList();
    }
}
