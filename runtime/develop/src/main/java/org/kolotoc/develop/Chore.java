package org.kolotoc.develop;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The commands for people who work on the project: what each takes, for {@code --help}, completion and bench's parser. */
public enum Chore {
    BUILD(
            "builds what is not built; --all builds everything once more",
            """
            usage: ./kolotoc build [--all]

            Builds the runtime if anything changed since it was built. Other commands do so by themselves. The log is
            runtime/assembly/target/build.log.
            """,
            List.of(new Option("--all", "", "in any case")),
            ""),
    TEST("builds and tests everything, ends with the counts", """
        usage: ./kolotoc test [Maven options]

        Builds everything, runs all tests and checks (format, arrows, names), ends with lines per bundle, what was
        not evaluated and why, and the counts. The log is runtime/assembly/target/test.log.
        """, List.of(), """
            examples:
              ./kolotoc test
              ./kolotoc test -pl bundles/host/org.kolotoc.nn -am    one bundle and what it needs

            exit code: 0 if nothing failed, 1 if something did
            """),
    BENCH(
            "times ours beside libtorch and the limits of the machine; fetches that library (330 MB) once",
            """
            usage: ./kolotoc bench [step | phases | generation | ceiling | kernels | tokenizer] [options]

            Without a word, or with step, phases or generation, ours and libtorch take turns in one run; the ratios stand beside
            those wanted.

              step               whole training steps: forward, backward, clipping, AdamW; fp32, and B with our products
                                 in bf16; of pictures those of a DCGAN and of a U-Net
              phases             steps of fine-tuning, reward modelling and learning from rewards; beside libtorch, and a
                                 token of each beside one of our pre-training
              generation         writes texts as long as the context, one token at a time, greedily, with a KV cache;
                                 draws 64 pictures in 50 steps of DDIM
              ceiling            multiply-adds and bytes a second that the machine gives: registers, L2, L3, memory
              kernels            our kernels one by one (JMH), each beside that limit
              tokenizer          texts to tokens beside jtokkit, on one thread; learning a vocabulary
            """,
            List.of(
                    new Option("--config", "A[,B,C,R]", """
                        only these
                        A: 4 layers, 4 heads, 128 wide, context 64, batch 12, vocab 65
                        B: 6 layers, 6 heads, 384 wide, context 256, batch 8, vocab 65
                        C: 12 layers, 12 heads, 768 wide, context 64, batch 4, vocab 50,257
                        R: a GRU layer, 128 wide, context 256, batch 32, vocab 65
                        DCGAN: 28 x 28, channels 64, 128, batch 64
                        UNet: 28 x 28, channels 32, 64, 88, batch 32; 64 drawn\
                        """),
                    new Option("--backend", "<id>", """
                        what ours computes on: cpu, tornado, or a device that ./kolotoc devices lists;
                        libtorch always computes on the processor. Ratios are wanted of cpu alone\
                        """),
                    new Option("--threads", "1[,2]", """
                        default 1,2; of both sides on cpu, of libtorch alone beside a device\
                        """),
                    new Option("--steps", "<number>", """
                        timed steps of each side, at least; default 30, in at least 20 turns\
                        """),
                    new Option("--warm-up", "<seconds>", "seconds of steps of each side before; default 6"),
                    new Option("--only", "<regex>", "of the kernels, those: 'adamw|gelu', 'A$', gradient"),
                    new Option("--json", "", "one object a line")),
            """
            examples:
              ./kolotoc bench
              ./kolotoc bench step --config A --threads 2
              ./kolotoc bench step --config A --backend tornado --threads 2
              ./kolotoc bench generation --json
              ./kolotoc bench kernels --threads 1 --only 'B$'
            """),
    FORMAT("puts every Java file into the project's format", """
        usage: ./kolotoc format

        Puts every Java file into the project's format (which the tests check) and names those it changed.
        """, List.of(), ""),
    DOCS(
            "writes down the contracts: docs/api.md for people, docs/contracts.txt to compare builds with",
            """
            usage: ./kolotoc docs

            Builds, then writes docs/api.md (what plugins see) and docs/contracts.txt (every signature that a bundle exports,
            with the version of its package); names what it wrote. The tests check both. A package that changed has to get
            a new @Version first: its first or second number is raised once between two states of the main branch, and
            whoever raised it earlier takes docs/contracts.txt of the main branch again before this command.
            """,
            List.of(),
            """
            exit code: 0 if both tell what the sources do now, 1 if a package changed while its version did not
            """),
    LINES("lines of code per bundle", """
        usage: ./kolotoc lines

        Lines of Java per bundle: main, test, and the longest file; files over 400 lines are marked.
        """, List.of(), ""),
    JDK("the folder of the JDK that is used, for other tools: JAVA_HOME=$(./kolotoc jdk)", """
        usage: ./kolotoc jdk

        Prints the folder of the JDK that ./kolotoc uses.
        """, List.of(), """
            examples:
              export JAVA_HOME=$(./kolotoc jdk)
            """);

    private final String summary;
    private final String usage;
    private final List<Option> options;
    private final String end;

    Chore(String summary, String usage, List<Option> options, String end) {
        this.summary = summary;
        this.usage = usage;
        this.options = options;
        this.end = end;
    }

    /** The command of a word. */
    static Optional<Chore> of(String word) {
        return Arrays.stream(values())
                .filter(chore -> chore.word().equals(word))
                .findFirst();
    }

    /** As it is typed. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** One line for the list of commands. */
    public String summary() {
        return summary;
    }

    public List<Option> options() {
        return options;
    }

    /** What its {@code --help} prints. */
    String help() {
        StringBuilder text = new StringBuilder(usage);
        if (!options.isEmpty()) {
            text.append('\n');
            options.forEach(option -> text.append(option.shown()));
        }
        return end.isEmpty() ? text.toString() : text.append('\n').append(end).toString();
    }
}
