package org.kolotoc.engine.event;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.kolotoc.api.Sample;
import org.kolotoc.engine.experiment.Printable;

/** What a run, or a command that prepares one, tells while it goes on. */
public sealed interface Event {
    /** What people read of it, without a line's end; empty where they are to see how far it is instead. */
    String text();

    /** Whether it only says how far work is, again and again. */
    default boolean isProgress() {
        return this instanceof Working || this instanceof Compiling;
    }

    /** Something worth knowing that changes nothing. */
    record Noted(String text) implements Event {}

    /** Something is not as people may think. */
    record Warned(String sentence) implements Event {
        @Override
        public String text() {
            return "warning: " + sentence;
        }
    }

    /** What a folder or file of somebody else makes the program read or run; told before it is done. */
    record Disclosed(String text) implements Event {}

    /**
     * Work that takes long.
     *
     * @param what is done
     * @param unit of what is counted; empty where only the share of all means something to people
     */
    record Working(String what, long done, long all, String unit) implements Event {
        @Override
        public String text() {
            return "";
        }
    }

    /**
     * A device compiles a program, which goes on.
     *
     * @param done kernels that are compiled
     * @param all kernels of the program
     * @param reached seconds after which so many were
     * @param seconds since it began
     */
    record Compiling(int done, int all, double reached, double seconds) implements Event {
        @Override
        public String text() {
            return "";
        }
    }

    /** A device compiled kernels. */
    record Compiled(String backend, int kernels, double seconds) implements Event {
        @Override
        public String text() {
            return String.format(Locale.ROOT, "%s compiled %d kernels in %.1f s", backend, kernels, seconds);
        }
    }

    /**
     * A run is prepared and takes its first step.
     *
     * @param predicted bytes of memory
     * @param step after which it goes on; 0 where it begins
     * @param goesOn whether it goes on from a checkpoint
     * @param steps at its end
     */
    record Began(
            String name,
            long seed,
            String backend,
            String device,
            long predicted,
            long step,
            boolean goesOn,
            long steps,
            Path folder)
            implements Event {
        @Override
        public String text() {
            return name + ", seed " + seed + ", " + backend + ": " + device + "\nmemory predicted: "
                    + Printable.bytes(predicted) + "\n"
                    + (goesOn ? "goes on after step " + step + " in " : "writes ") + folder;
        }
    }

    /**
     * A step was taken.
     *
     * @param step of the run
     * @param measures of the step, by name
     * @param headline the measure that tells most, with its value, or empty
     * @param rate of work, or empty
     */
    record Stepped(
            long step, String phase, long stepOfPhase, Map<String, Double> measures, String headline, String rate)
            implements Event {
        @Override
        public String text() {
            return "";
        }
    }

    /** What was measured after a step, or before the first one of a phase. */
    record Evaluated(long step, String phase, Map<String, Double> measures) implements Event {
        @Override
        public String text() {
            StringBuilder line =
                    new StringBuilder("step ").append(step).append(" of ").append(phase);
            measures.forEach((name, value) -> line.append(String.format(Locale.ROOT, "  %s %.4g", name, value)));
            return line.toString();
        }
    }

    /**
     * Samples were drawn after a step.
     *
     * @param name of their plan
     */
    record Sampled(long step, String name, List<Sample> samples) implements Event {
        private static final int SHOWN = 300;
        private static final int SEVERAL = 800;

        /** The first, and whatever is short enough to stand beside it. */
        @Override
        public String text() {
            Sample first = samples.getFirst();
            if (!first.isText()) {
                return framed("step " + step, name + ": " + first.mediaType());
            }
            StringBuilder text = new StringBuilder(cut(first.text(), SHOWN));
            for (Sample sample : samples.subList(1, samples.size())) {
                if (!sample.isText() || text.length() + sample.text().length() >= SEVERAL) {
                    break;
                }
                boolean begun = !text.isEmpty() && text.charAt(text.length() - 1) != '\n';
                text.append(begun ? "\n" : "").append(sample.text());
            }
            return framed(
                    "step " + step,
                    samples.size() == 1 ? text.toString() : text.toString().stripTrailing());
        }

        private static String cut(String text, int most) {
            return text.substring(0, Math.min(text.length(), most));
        }

        private static String framed(String head, String text) {
            return "--- " + head + " ---\n" + Printable.written(text) + "\n---";
        }
    }

    /**
     * An evaluation or a judge showed something beside its numbers.
     *
     * @param name {@code arena/leaderboard}
     * @param file in the run's folder
     */
    record Shown(long step, String name, String file, Sample sample) implements Event {
        private static final int MOST = 4000;

        @Override
        public String text() {
            return sample.isText() && sample.text().length() <= MOST
                    ? Sampled.framed(name, sample.text().stripTrailing())
                    : name + ": " + file;
        }
    }

    /** A checkpoint was written. */
    record Saved(long step) implements Event {
        @Override
        public String text() {
            return "";
        }
    }

    /**
     * Another bundle fills a seat from a step on.
     *
     * @param step steps that were taken before
     * @param seat {@code phase 'pretrain'}
     * @param was the bundle before, with version and hash
     * @param is the bundle now
     */
    record Swapped(long step, String seat, String was, String is) implements Event {
        @Override
        public String text() {
            return seat + " is " + is + " after step " + step + ", was " + was;
        }
    }

    /**
     * A plugin broke: its bundle fills no seat of the run again unless somebody says that it may.
     *
     * @param step updates that were made
     * @param seat {@code phase 'pretrain'}
     * @param bundle with version and hash
     * @param reason how it broke
     * @param back whether the run goes on with the bundle that filled the seat before
     */
    record Quarantined(long step, String seat, String bundle, String reason, boolean back) implements Event {
        @Override
        public String text() {
            return "warning: " + (back ? reason + "\n  " : "") + seat + ": " + bundle + " is quarantined after step "
                    + step + (back ? "; the run goes back to its last checkpoint, and on with the bundle before" : "");
        }
    }

    /**
     * A probe begins to read.
     *
     * @param probe id of its plugin
     * @param every so many steps
     * @param bytes of memory that it takes
     */
    record ProbeAttached(long step, String probe, long every, long bytes) implements Event {
        @Override
        public String text() {
            return "the probe '" + probe + "' reads "
                    + (every == 1 ? "every step" : "each step whose number " + every + " divides") + ", with "
                    + Printable.bytes(bytes);
        }
    }

    /**
     * A probe read inner values of a program.
     *
     * @param step in which it ran
     * @param program as the phase calls it
     * @param run which of the runs of that program in the step, from 1 on
     * @param values by what was read
     * @param pictures files in the run's folder
     */
    record ProbeRead(
            long step,
            String phase,
            String probe,
            String program,
            int run,
            Map<String, Double> values,
            List<String> pictures)
            implements Event {
        @Override
        public String text() {
            return "";
        }
    }

    /**
     * A probe reads no more.
     *
     * @param why it failed; empty where somebody took it off
     */
    record ProbeDetached(long step, String probe, String why) implements Event {
        @Override
        public String text() {
            return why.isEmpty()
                    ? "the probe '" + probe + "' is off after step " + step
                    : "warning: the probe '" + probe + "' is off after step " + step + ", the run goes on: " + why;
        }
    }

    /** Somebody paused the run before its next step. */
    record Paused(long step) implements Event {
        @Override
        public String text() {
            return "paused after step " + step;
        }
    }

    /**
     * The criteria were held against the run.
     *
     * @param verdict in a word: {@code met}
     * @param table for people
     * @param json {@code verdict.json}
     */
    record Judged(String verdict, String table, String json) implements Event {
        @Override
        public String text() {
            return table;
        }
    }

    /**
     * A run came to its end.
     *
     * @param state how: {@code finished}, {@code stopped}, {@code diverged}, {@code failed}
     * @param text what people read of it
     * @param next what they can do; empty where there is nothing
     */
    record Ended(String state, long step, Path folder, String text, String next) implements Event {}
}
