package org.kolotoc.eval.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Sample;
import org.kolotoc.api.image.Shown;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.data.pictures.ShapesSettings;
import org.kolotoc.data.pictures.ShapesSource;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;

/** Shapes, and a judge that has learned their classes. */
final class Trained {
    static final int SIZE = 12;
    static final int CLASSES = 4;
    static final int PICTURES = 60;
    static final int HELD_OUT = 240;
    static final Dataset SHAPES = new ShapesSource()
            .open(
                    new ShapesSettings(SIZE, CLASSES, 600, HELD_OUT),
                    new BenchDataContext(Path.of("."), 1, Toys::tokenizer));

    private static final int STEPS = 150;
    private static Model judge;

    private Trained() {}

    static Model fresh() {
        return new Judge()
                .create(
                        new JudgeSettings(8, 8),
                        new Dimensions(Map.of("channel", 1, "height", SIZE, "width", SIZE, "class", CLASSES)));
    }

    /** Its weights are those that a phase taught it, as the first content of its parameters. */
    static synchronized Model judge() {
        if (judge == null) {
            Model model = fresh();
            try (Bench bench = new Bench(new CpuBackend(1), Map.of("model", model), SHAPES, 1).withSteps(STEPS)) {
                bench.train(new JudgePhase(), new JudgePhaseSettings(32, 0.01, 5), 0, STEPS);
                List<Parameter> parameters = new ArrayList<>();
                for (Parameter parameter : model.parameters()) {
                    float[] values = new float[parameter.shape().size()];
                    bench.state().buffer("model/" + parameter.name()).read(values);
                    parameters.add(new Parameter(
                            parameter.name(), parameter.dtype(), parameter.shape(), new Initializer.Values(values)));
                }
                judge = Model.of(Judge.SIGNATURE, model.limits(), parameters, model::forward);
            }
        }
        return judge;
    }

    static Sample grid(float[] numbers) {
        int count = numbers.length / (SIZE * SIZE);
        return new Shown(Shape.of(count, 1, SIZE, SIZE)).of(numbers, new int[count]);
    }

    static Sample real(String split) {
        return grid(SHAPES.first(split, PICTURES).get("sample"));
    }

    static Sample noise() {
        float[] numbers = Shots.of(SHAPES.first("train", PICTURES), SHAPES)
                .gaussian(PICTURES, 3)
                .numbers();
        return grid(numbers);
    }
}
