package org.kolotoc.data.pictures;

import java.nio.file.InvalidPathException;
import java.util.Arrays;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of pictures in IDX files, as MNIST and Fashion-MNIST (Xiao, Rasul and Vollgraf, arXiv:1708.07747) are given out:
 * {@code count x height x width}, grey, or with {@code x channels} behind, of which there are 3; labels {@code count}.
 */
@Component
@Seat(kind = Seat.DATA, id = "idx", summary = "pictures and labels of IDX files: MNIST, Fashion-MNIST")
public final class IdxSource implements DataSource<IdxSettings> {
    @Override
    public Class<IdxSettings> settings() {
        return IdxSettings.class;
    }

    @Override
    public Dataset open(IdxSettings settings, DataContext context) {
        boolean labelled = !settings.labels().isEmpty();
        boolean heldOut = !settings.heldOutImages().isEmpty();
        check(settings, labelled, heldOut);
        IdxFile images = images("images", settings.images(), context);
        IdxFile labels = labelled ? labels("labels", settings.labels(), images, context) : null;
        int classes = settings.classes();
        if (!heldOut) {
            int count = images.extents()[0];
            int train = (int) (settings.train() * count);
            if (train < 1 || train == count) {
                throw InputError.field(
                        "train",
                        settings.train() + " leaves one part of " + count + " pictures empty; expected one in each");
            }
            return new Gathered(canvas(images), labelled ? Math.max(classes, most(labels)) : 0)
                    .data(
                            part(images, "labels", labels, classes, 0, train),
                            part(images, "labels", labels, classes, train, count));
        }
        IdxFile others = images("heldOutImages", settings.heldOutImages(), context);
        IdxFile theirs = labelled ? labels("heldOutLabels", settings.heldOutLabels(), others, context) : null;
        if (!canvas(others).equals(canvas(images))) {
            throw InputError.field(
                    "heldOutImages",
                    others.path() + " has pictures of " + canvas(others) + "; expected " + canvas(images)
                            + ", as those of " + images.path());
        }
        return new Gathered(canvas(images), labelled ? Math.max(classes, Math.max(most(labels), most(theirs))) : 0)
                .data(
                        part(images, "labels", labels, classes, 0, images.extents()[0]),
                        part(others, "heldOutLabels", theirs, classes, 0, others.extents()[0]));
    }

    private static void check(IdxSettings settings, boolean labelled, boolean heldOut) {
        if (settings.heldOutLabels().isEmpty() == (labelled && heldOut)) {
            throw InputError.field(
                    "heldOutLabels",
                    labelled && heldOut
                            ? "is missing; expected the labels of heldOutImages, since the images have labels"
                            : "is given without labels and heldOutImages; expected both, or neither");
        }
    }

    private static IdxFile images(String field, String path, DataContext context) {
        IdxFile file = read(field, path, context);
        int[] extents = file.extents();
        if (extents.length != 3 && !(extents.length == 4 && (extents[3] == 1 || extents[3] == 3))) {
            throw InputError.field(
                    field,
                    file.path() + " has " + IdxFile.told(extents)
                            + " values; expected count x height x width, or that x 1 or x 3 for colours");
        }
        return file;
    }

    private static IdxFile labels(String field, String path, IdxFile images, DataContext context) {
        IdxFile file = read(field, path, context);
        int count = images.extents()[0];
        if (file.extents().length != 1 || file.extents()[0] != count) {
            throw InputError.field(
                    field,
                    file.path() + " has " + IdxFile.told(file.extents()) + " values; expected " + count
                            + ", one for each picture of " + images.path());
        }
        return file;
    }

    private static IdxFile read(String field, String path, DataContext context) {
        try {
            return IdxFile.read(context.file(path));
        } catch (InvalidPathException e) {
            throw InputError.field(field, "'" + path + "' is no path: " + e.getReason());
        } catch (InputError e) {
            throw e.in(field);
        }
    }

    private static Canvas canvas(IdxFile images) {
        int[] extents = images.extents();
        return new Canvas(extents.length == 4 ? extents[3] : 1, extents[1], extents[2]);
    }

    private static int most(IdxFile labels) {
        int most = 0;
        for (byte label : labels.values()) {
            most = Math.max(most, 1 + (label & 0xff));
        }
        return most;
    }

    /**
     * Some of the pictures, their channels one after the other.
     *
     * @param field that names the labels
     */
    private static Gathered.Part part(IdxFile images, String field, IdxFile labels, int classes, int from, int to) {
        Canvas canvas = canvas(images);
        float[] numbers = new float[(to - from) * canvas.size()];
        for (int i = 0; i < numbers.length; i++) {
            int pixel = i / canvas.size() * canvas.area() + i % canvas.area();
            int channel = i / canvas.area() % canvas.channels();
            int value = images.values()[from * canvas.size() + pixel * canvas.channels() + channel] & 0xff;
            numbers[i] = Canvas.number(value / 255.0);
        }
        if (labels == null) {
            return new Gathered.Part(numbers, null);
        }
        int[] classed = new int[to - from];
        Arrays.setAll(classed, i -> label(field, labels, from + i, classes));
        return new Gathered.Part(numbers, classed);
    }

    private static int label(String field, IdxFile labels, int index, int classes) {
        int label = labels.values()[index] & 0xff;
        if (classes > 0 && label >= classes) {
            throw InputError.field(
                    field,
                    "the IDX file " + labels.path() + " has at byte " + labels.place(index) + " the label " + label
                            + "; expected 0 to " + (classes - 1) + ", or more classes");
        }
        return label;
    }
}
