package org.kolotoc.shell;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Stopped;
import org.kolotoc.api.chat.Answering.Answer;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.command.LineInput;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.prepare.Talk;

/** Reads lines and prints what a model answers; lines that begin with a slash are about the conversation itself. */
final class Conversation implements AutoCloseable {
    /** Shorter names of phases, and the ids of those that are meant; the first of them in the run. */
    private static final Map<String, List<String>> SHORT =
            Map.of("base", List.of("pretrain"), "sft", List.of("finetune"), "rlhf", List.of("rlhf", "dpo"));

    private static final String HELP = """
        a line      a question, or the number of one to begin with; // in place of a first /
        /again      the last question once more, by other random numbers
        /clear      a new conversation
        /history 3  how many questions and answers before are read again with the next one: all, 3, 0
        /newest     the weights of the newest checkpoint, or of the one that --from names\
        """;

    private final Models models;
    private final Terminal terminal;
    private final boolean json;
    private final BooleanSupplier stop;
    private final Runnable forget;
    private final List<Exchange> said = new ArrayList<>();
    private Talk talk;
    private int history;
    private String weights = "";
    private boolean typed;
    private boolean failed;

    /** Of the line that is heard, from 1 on. */
    private long number;

    /** Whether the line asks for an answer. */
    private boolean asks;

    /** What it asks; empty where it does not, or can't be read. */
    private String question = "";

    private boolean toldForgotten;
    private boolean toldCut;
    private int again;

    /** Empty where nothing was asked. */
    private String lastQuestion = "";

    /** Whether the last of what was said is the answer to it. */
    private boolean lastAnswered;

    /** Whether nobody is there any more to talk to. */
    private boolean closed;

    /** Opens the model of the run as it was at a step; at the one that was asked for at first if none is given. */
    @FunctionalInterface
    interface Models {
        Talk at(Optional<Long> step);
    }

    /**
     * Begins one.
     *
     * @param history exchanges before a question that are read again with it
     * @param json whether an answer is an object
     */
    Conversation(Models models, Terminal terminal, int history, boolean json, BooleanSupplier stop, Runnable forget) {
        this.models = models;
        this.terminal = terminal;
        this.history = history;
        this.json = json;
        this.stop = stop;
        this.forget = forget;
        this.talk = models.at(Optional.empty());
    }

    /** How many exchanges a text says. */
    static int history(String text) {
        if (text.equals("all")) {
            return Integer.MAX_VALUE;
        }
        if (!text.matches("\\d{1,6}")) {
            throw InputError.of(
                    "a history of '" + text + "'; expected all, or a whole number of at least 0",
                    "say how many questions and answers: all, 3, 0");
        }
        return Integer.parseInt(text);
    }

    /** What is printed with {@code --json}. */
    private record Told(String question, String answer, boolean ended, long step) {}

    /** What is printed with {@code --json} in the place of an answer. */
    private record Unanswered(long line, String question, String error, String next) {}

    /**
     * Goes on until the lines end or somebody wants to.
     *
     * @param people whether somebody types them and looks on
     * @return the exit code
     */
    int hold(LineInput lines, boolean people) throws IOException {
        typed = people;
        greet();
        while (true) {
            if (typed) {
                terminal.out().print(weights + "> ");
                terminal.out().flush();
            }
            number++;
            // What can't even be read may be a question.
            asks = true;
            question = "";
            try {
                Optional<String> line = lines.next();
                if (line.isEmpty() || isEnd(line.get().strip())) {
                    break;
                }
                if (typed) {
                    // Ctrl-C while nothing was answered.
                    forget.run();
                }
                heard(line.get().strip());
            } catch (InputError e) {
                if (closed) {
                    throw e;
                }
                failed = true;
                refused(e);
            } catch (Stopped _) {
                terminal.out().println();
                if (!typed) {
                    return ExitCode.INTERRUPTED.code();
                }
                forget.run();
            }
        }
        return (failed && !typed ? ExitCode.BAD_INPUT : ExitCode.DONE).code();
    }

    /** Who counts answers and questions in a pipe finds as many of both: what is not answered has a line too. */
    private void refused(InputError e) {
        if (!typed && asks) {
            terminal.out()
                    .println(
                            json
                                    ? Engine.line(new Unanswered(number, question, e.getMessage(), e.next()))
                                    : terminal.written("(line " + number + " is not answered: "
                                            + inOneLine(e.getMessage()) + ")"));
            terminal.out().flush();
        }
        terminal.err()
                .println(where()
                        + Printable.lines(e.getMessage())
                        + (e.next().isEmpty() ? "" : "\n  do: " + Printable.lines(e.next())));
    }

    /** Who types sees the line. */
    private String where() {
        return typed ? "" : "line " + number + ": ";
    }

    private static String inOneLine(String text) {
        return text.replace("\r", "\\r").replace("\n", "\\n");
    }

    /** Says which of several models answers. */
    void introduce() {
        talk.model().ifPresent(model -> aside("the model is '" + model + "'; --model names another"));
    }

    private static boolean isEnd(String line) {
        return line.equals("/exit") || line.equals("/quit");
    }

    private void greet() {
        if (!talk.asks()) {
            aside("this run learned from no questions and answers: the model goes on from what you type");
        }
        if (typed) {
            for (int i = 0; i < talk.starters().size(); i++) {
                terminal.out()
                        .println(
                                (i + 1) + "  " + Printable.lines(talk.starters().get(i)));
            }
            terminal.out()
                    .println((talk.starters().isEmpty() ? "a question" : "a number, a question") + ", /help or /exit");
        }
    }

    private void heard(String line) {
        if (line.isEmpty()) {
            return;
        }
        if (!line.startsWith("/") || line.startsWith("//")) {
            again = 0;
            lastQuestion = question(line.startsWith("//") ? line.substring(1) : line);
            lastAnswered = false;
            answer(said);
            return;
        }
        asks = line.equals("/again");
        switch (line.substring(1)) {
            case "again" -> again();
            case "clear" -> clear();
            case "help" -> help();
            case "newest" -> take("", Optional.empty());
            case "history" -> history("");
            case String name
            when name.startsWith("history ") ->
                history = history(name.substring("history ".length()).strip());
            case String name -> take(name);
        }
    }

    /** A number is one of the questions to begin with. */
    private String question(String line) {
        List<String> starters = talk.starters();
        boolean number = line.matches("\\d{1,4}");
        int place = number ? Integer.parseInt(line) : 0;
        return place >= 1 && place <= starters.size() ? starters.get(place - 1) : line;
    }

    private void clear() {
        said.clear();
        lastQuestion = "";
        lastAnswered = false;
    }

    private void again() {
        if (lastQuestion.isEmpty()) {
            throw InputError.of("nothing was asked yet", "type a question");
        }
        again++;
        // What was answered stays until there is another answer.
        answer(lastAnswered ? said.subList(0, said.size() - 1) : said);
    }

    /** Answers the last question. */
    private void answer(List<Exchange> earlier) {
        question = lastQuestion;
        Consumer<String> shown = part -> {
            if (typed) {
                terminal.out().print(terminal.written(part));
                terminal.out().flush();
            }
            if (stop.getAsBoolean()) {
                throw new Stopped();
            }
        };
        List<Exchange> before = List.copyOf(earlier.subList(Math.max(0, earlier.size() - history), earlier.size()));
        Answer answer = talk.answer(before, question, "chat/" + earlier.size() + "/" + again, shown);
        if (typed) {
            terminal.out().println(answer.ended() ? "" : " ...");
        } else {
            terminal.out()
                    .println(
                            json
                                    ? Engine.line(new Told(question, answer.text(), answer.ended(), talk.step()))
                                    : terminal.written(inOneLine(answer.text())));
        }
        terminal.out().flush();
        if (lastAnswered) {
            said.removeLast();
        }
        said.add(new Exchange(question, answer.text()));
        lastAnswered = true;
        tell(answer);
    }

    /** What is not seen is told once. */
    private void tell(Answer answer) {
        if (answer.forgotten() > 0 && !toldForgotten) {
            toldForgotten = true;
            aside("the model's context is full: of what was said before, the oldest is not seen any more (/clear begins"
                    + " anew)");
        }
        // In a pipe nobody sees which question it was.
        if (answer.cut() > 0 && !(typed && toldCut)) {
            toldCut = true;
            aside(where() + "the question is longer than the model's context allows: " + answer.cut()
                    + " tokens of it are cut");
        }
    }

    private void aside(String text) {
        terminal.err().println("(" + text + ")");
    }

    private void help() {
        StringBuilder help = new StringBuilder(HELP);
        names().forEach((name, end) -> help.append(String.format(
                "%n/%-10s the weights at the end of the phase %s, step %d%s",
                name, end.phase(), end.step(), end.kept() ? "" : ", whose checkpoint is not kept")));
        terminal.out()
                .println(help.append(String.format("%n/exit       ends, as does Ctrl-D; Ctrl-C stops an answer")));
    }

    /** What stands for the end of a phase: its own name, and a short one. */
    private Map<String, Talk.End> names() {
        Map<String, Talk.End> names = new LinkedHashMap<>();
        for (Talk.End end : talk.ends()) {
            names.put(end.phase(), end);
        }
        for (String name : List.of("base", "sft", "rlhf")) {
            talk.ends().stream()
                    .filter(end -> SHORT.get(name).contains(end.id()))
                    .findFirst()
                    .ifPresent(end -> names.putIfAbsent(name, end));
        }
        return names;
    }

    private void take(String name) {
        Map<String, Talk.End> names = names();
        Talk.End end = names.get(name);
        if (end == null) {
            List<String> known = new ArrayList<>(List.of("again", "clear", "history", "newest", "help", "exit"));
            known.addAll(names.keySet());
            throw InputError.of("there is no /" + name + Nearest.hint(name, known), "/help lists what there is");
        }
        if (!end.kept() && end.step() > talk.last()) {
            throw InputError.of(
                    "the run has not come to the end of " + end.phase() + ", step " + end.step()
                            + ": its last checkpoint is of step " + talk.last(),
                    "go on with it: ./kolotoc run --resume <run folder>");
        }
        if (!end.kept()) {
            throw InputError.of(
                    "the run has no checkpoint of step " + end.step() + ", at which " + end.phase() + " ends",
                    "run it with \"keepCheckpoints\" that keeps the ends of phases");
        }
        take(name, Optional.of(end.step()));
    }

    private void take(String name, Optional<Long> step) {
        Talk before = talk;
        // Two at a time could be more than the memory holds.
        before.close();
        try {
            talk = models.at(step);
            weights = name;
        } catch (RuntimeException | Error e) {
            closed = true;
            try {
                talk = models.at(Optional.of(before.step()));
                closed = false;
            } catch (RuntimeException | Error again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        if (typed) {
            aside("weights of step " + talk.step());
        }
    }

    @Override
    public void close() {
        if (!closed) {
            talk.close();
        }
    }
}
