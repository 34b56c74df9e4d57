package rlhf;

import java.util.*;
import java.util.stream.*;
import org.kolotoc.api.*;
import org.kolotoc.tck.*;

class PromptsTest extends DataSourceConformance<Prompts.Texts> {
    static Dataset open(List<String> texts) {
        return new Prompts().open(new Prompts.Texts(texts), new BenchDataContext(null, 1, Toys::tokenizer));
    }

    @Override
    protected DataSource<Prompts.Texts> source() {
        return new Prompts();
    }

    @Override
    protected Prompts.Texts settings() {
        return new Prompts.Texts(IntStream.range(0, 400)
                .mapToObj(i -> "x".repeat(1 + i % 7) + i)
                .toList());
    }

    @Override
    protected Map<String, Integer> axes() {
        return Map.of("batch", 3, "prompt", 10);
    }

    @Override
    protected Stream<Refused<Prompts.Texts>> refused() {
        return Stream.of(
                new Refused<>(new Prompts.Texts(List.of("a", "b")), "texts"),
                new Refused<>(new Prompts.Texts(List.of("a", "b", "", "d")), "texts"));
    }
}
