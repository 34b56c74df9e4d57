package org.kolotoc.data.pictures;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Seat;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of a folder of pictures: PNG, JPEG, GIF, BMP, TIFF. Where it has folders each is a class, numbered in the order of
 * their names, with all that lies below; else there are no labels. Whether a picture is held out is a matter of its own path in the
 * folder, not of the seed nor of the others, so that who learned from the same folder in another run, or before more pictures
 * came, has not seen it. Only of so few that a class would have none for training, or all of them none to hold out, one is
 * taken across.
 */
@Component
@Seat(kind = Seat.DATA, id = "pictures", summary = "pictures of a folder, each folder in it a class")
public final class PicturesSource implements DataSource<PicturesSettings> {
    /** Broken pictures that a message names. */
    private static final int SHOWN = 10;

    /** Other files that the ledger names. */
    private static final int NAMED = 3;

    @Override
    public Class<PicturesSettings> settings() {
        return PicturesSettings.class;
    }

    @Override
    public Dataset open(PicturesSettings settings, DataContext context) {
        if (settings.channels() == 2) {
            throw InputError.field("channels", "2 are no kind of picture; expected 1 for grey, or 3 for colours");
        }
        Map<String, List<Chanced>> classes = classes(settings, context);
        List<Labelled> train = new ArrayList<>();
        List<Labelled> heldOut = new ArrayList<>();
        int label = 0;
        for (List<Chanced> pictures : classes.values()) {
            for (int i = 0; i < pictures.size(); i++) {
                boolean out = i > 0 && pictures.get(i).chance() >= settings.train();
                (out ? heldOut : train).add(new Labelled(pictures.get(i), label));
            }
            label++;
        }
        if (heldOut.isEmpty() && train.size() > classes.size()) {
            Labelled last = Collections.max(train, Comparator.comparing(Labelled::picture));
            train.remove(last);
            heldOut.add(last);
        }
        if (heldOut.isEmpty()) {
            throw InputError.field(
                    "train",
                    settings.train() + " leaves none of " + train.size() + " pictures to be held out; expected more"
                            + " pictures than classes");
        }
        boolean labelled = !classes.containsKey("");
        Canvas canvas = new Canvas(settings.channels(), settings.height(), settings.width());
        Reading reading = new Reading(
                new PictureFile(settings.ground()),
                new Fitting(canvas),
                labelled,
                context,
                train.size() + heldOut.size(),
                new ArrayList<>());
        Gathered.Part trained = reading.part(train, 0);
        Gathered.Part kept = reading.part(heldOut, train.size());
        reading.refuse();
        return new Gathered(canvas, labelled ? classes.size() : 0).data(trained, kept);
    }

    private record Labelled(Chanced picture, int label) {}

    /**
     * A picture.
     *
     * @param chance from 0 to 1, of its path in the folder; where the training share is above it the picture is for training
     */
    private record Chanced(String path, double chance) implements Comparable<Chanced> {
        static Chanced of(String path, String inside) {
            return new Chanced(path, new CounterRandom(inside.hashCode(), "pictures/held out").uniform(0));
        }

        @Override
        public int compareTo(Chanced other) {
            int order = Double.compare(chance, other.chance);
            return order == 0 ? path.compareTo(other.path) : order;
        }
    }

    /** In the order of their chances, by the folder they lie in; by an empty name where there are no folders. */
    private static Map<String, List<Chanced>> classes(PicturesSettings settings, DataContext context) {
        Set<String> endings = Set.of(ImageIO.getReaderFileSuffixes());
        Map<String, List<Chanced>> classes = new TreeMap<>();
        List<String> others = new ArrayList<>();
        for (String path : files(settings, context)) {
            String inside = path.substring(settings.path().length() + 1);
            String name = inside.substring(inside.lastIndexOf('/') + 1);
            String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
            if (name.startsWith(".")) {
                continue;
            }
            if (!endings.contains(ending)) {
                others.add(inside);
                continue;
            }
            String folder = inside.substring(0, Math.max(0, inside.indexOf('/')));
            classes.computeIfAbsent(folder, _ -> new ArrayList<>()).add(Chanced.of(path, inside));
        }
        if (!others.isEmpty()) {
            context.ledger().note(Ledger.Kind.SKIPPED, "path", leftOut(others));
        }
        if (classes.isEmpty() || classes.size() > 1 && classes.containsKey("")) {
            throw InputError.field(
                    "path",
                    "'" + settings.path() + "' has "
                            + (classes.isEmpty()
                                    ? "no pictures"
                                    : "pictures beside its folders, as "
                                            + classes.get("").getFirst().path())
                            + "; expected pictures, or a folder of pictures for each class");
        }
        classes.values().forEach(Collections::sort);
        return classes;
    }

    static String leftOut(List<String> others) {
        int more = others.size() - NAMED;
        return (others.size() == 1
                        ? "leaves out a file that is no picture"
                        : "leaves out " + others.size() + " files that are no pictures")
                + " by name: " + String.join(", ", others.subList(0, Math.min(NAMED, others.size())))
                + (more > 0 ? " and " + more + " more" : "");
    }

    private static List<String> files(PicturesSettings settings, DataContext context) {
        try {
            return context.files(settings.path());
        } catch (InvalidPathException e) {
            throw InputError.field("path", "'" + settings.path() + "' is no path: " + e.getReason());
        } catch (InputError e) {
            throw e.in("path");
        }
    }

    /**
     * Reads pictures; one that can't be read does not keep the others from being looked at.
     *
     * @param all pictures, of both parts
     */
    private record Reading(
            PictureFile file,
            Fitting fitting,
            boolean labelled,
            DataContext context,
            int all,
            List<InputError> faults) {
        /** @param before how many were read by then */
        Gathered.Part part(List<Labelled> pictures, int before) {
            int size = fitting.canvas().size();
            float[] numbers = new float[pictures.size() * size];
            int[] labels = new int[pictures.size()];
            for (int i = 0; i < labels.length; i++) {
                context.reached("reading pictures", before + i, all);
                Path found = context.file(pictures.get(i).picture().path());
                try {
                    fitting.write(file.read(found), numbers, i * size);
                } catch (InputError e) {
                    faults.add(e);
                }
                labels[i] = pictures.get(i).label();
            }
            return new Gathered.Part(numbers, labelled ? labels : null);
        }

        /** @throws InputError naming what could not be read, of many the first */
        void refuse() {
            if (faults.size() == 1) {
                throw faults.getFirst();
            }
            if (!faults.isEmpty()) {
                String shown = faults.stream()
                        .limit(SHOWN)
                        .map(InputError::getMessage)
                        .sorted()
                        .collect(Collectors.joining("\n    "));
                throw InputError.of(
                        faults.size() + " of " + all + " pictures can't be read:\n    " + shown
                                + (faults.size() > SHOWN ? "\n    and " + (faults.size() - SHOWN) + " more" : ""),
                        faults.getFirst().next());
            }
        }
    }
}
