package org.kolotoc.engine.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Sample;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.state.Listing;
import org.kolotoc.engine.state.StepFolder;

/** The samples of a run side by side: text and pictures as they are, everything else by the name of its file. */
public final class Gallery {
    /** Bytes of a picture that a page carries; larger ones are for viewers. */
    private static final long LARGEST = 1 << 20;

    /** Samples of a step that a page carries; there may be thousands, to be judged. */
    private static final int MOST = 24;

    /** How pictures are told to a browser, which runs nothing that is in them. */
    private static final Map<String, String> PICTURES =
            Map.of("png", "image/png", "apng", "image/apng", "gif", "image/gif", "svg", "image/svg+xml");

    private final Path run;
    private final StringBuilder html = new StringBuilder();

    private Gallery(Path run) {
        this.run = run;
    }

    /**
     * The page's part.
     *
     * @param samples the folder of the run that has them, by step
     */
    static String html(Path run, Path samples) throws IOException {
        Gallery gallery = new Gallery(run);
        gallery.html.append("<div class=\"samples\">");
        List<Path> steps = Listing.of(samples).stream()
                .filter(step -> StepFolder.step(step).isPresent() && Files.isDirectory(step))
                .sorted(StepFolder.BY_STEP)
                .toList();
        gallery.evolution(Evolution.of(steps));
        for (Path step : steps) {
            gallery.html
                    .append("<figure><figcaption>step ")
                    .append(StepFolder.step(step).getAsLong())
                    .append("</figcaption>");
            gallery.folder(step);
            gallery.html.append("</figure>");
        }
        return gallery.html.append("</div>\n").toString();
    }

    private void evolution(Evolution evolution) throws IOException {
        for (String sampler : evolution.frames().keySet()) {
            Optional<Sample> animation = evolution.animation(sampler);
            if (animation.isPresent() && animation.get().content().length <= LARGEST) {
                html.append("<figure><figcaption>")
                        .append(Printable.markup((sampler + " step after step").strip()))
                        .append("</figcaption>");
                image("samples, step after step", animation.get());
                html.append("</figure>");
            }
        }
    }

    private void image(String alternative, Sample picture) {
        html.append("<img alt=\"")
                .append(alternative)
                .append("\" src=\"data:")
                .append(picture.mediaType())
                .append(";base64,")
                .append(Base64.getEncoder().encodeToString(picture.content()))
                .append("\"/>");
    }

    /** Files side by side, each under its name. */
    public static String files(Path run, List<Path> files) throws IOException {
        Gallery gallery = new Gallery(run);
        gallery.html.append("<div class=\"samples\">");
        for (Path file : files) {
            gallery.html
                    .append("<figure><figcaption>")
                    .append(Printable.markup(run.relativize(file).toString()))
                    .append("</figcaption>");
            gallery.sample(file);
            gallery.html.append("</figure>");
        }
        return gallery.html.append("</div>\n").toString();
    }

    /** The first sampler's samples, then folders of others. */
    private void folder(Path folder) throws IOException {
        List<Path> files = Listing.of(folder).stream()
                .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                .sorted(Comparator.comparingInt(
                                (Path file) -> file.getFileName().toString().length())
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        for (Path file : files.subList(0, Math.min(MOST, files.size()))) {
            sample(file);
        }
        if (files.size() > MOST) {
            html.append("<div class=\"small\">and ")
                    .append(files.size() - MOST)
                    .append(" more in ")
                    .append(Printable.markup(run.relativize(folder).toString()))
                    .append("</div>");
        }
        for (Path other : Listing.of(folder)) {
            if (Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)) {
                html.append("<div>")
                        .append(Printable.markup(other.getFileName().toString()))
                        .append("</div>");
                folder(other);
            }
        }
    }

    private void sample(Path file) throws IOException {
        String name = file.getFileName().toString();
        String type = PICTURES.get(name.substring(name.lastIndexOf('.') + 1));
        String shown = Printable.markup(run.relativize(file).toString());
        if (name.endsWith(".txt")) {
            html.append("<pre>")
                    .append(Printable.markup(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip()))
                    .append("</pre>");
        } else if (type != null && Files.size(file) <= LARGEST) {
            image(shown, new Sample(type, Files.readAllBytes(file)));
        } else {
            html.append("<div class=\"small\">").append(shown).append("</div>");
        }
    }
}
