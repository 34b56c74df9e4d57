package org.kolotoc.engine.prepare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.kolotoc.api.Model;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.state.Snapshot;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Parameter;

/**
 * What a model takes of the weights of another: all but its heads, which may be others.
 *
 * @param tensors that it begins with, where there are no faults
 * @param fresh tensors of its heads that are not there
 * @param leftOut tensors of heads that it has not
 * @param faults every tensor that is missing, left over or of another shape
 */
record Begun(Map<String, Snapshot.Entry> tensors, List<String> fresh, List<String> leftOut, List<String> faults) {
    static Begun of(Model model, Map<String, Snapshot.Entry> there) {
        Map<String, Form> forms = new TreeMap<>();
        there.forEach((name, entry) -> forms.put(name, new Form(entry.dtype(), entry.shape())));
        Begun begun = fitting(model, forms);
        model.states().stream()
                .map(Parameter::name)
                .filter(there::containsKey)
                .forEach(name -> begun.tensors.put(name, there.get(name)));
        return begun;
    }

    /** What it will take of another of this run, which may not be there yet: no tensors, all else. */
    static Begun announced(Model model, Model other) {
        Map<String, Form> forms = new TreeMap<>();
        other.states()
                .forEach(each -> forms.put(
                        each.name(), new Form(each.dtype(), each.shape().extents())));
        return fitting(model, forms);
    }

    private record Form(DType dtype, int[] shape) {}

    private static Begun fitting(Model model, Map<String, Form> there) {
        Begun begun = new Begun(new TreeMap<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Set<String> others = new HashSet<>(there.keySet());
        model.states().forEach(parameter -> others.remove(parameter.name()));
        for (Parameter parameter : model.states()) {
            String name = parameter.name();
            Form form = there.get(name);
            if (form == null && isOfHead(model, name)) {
                begun.fresh.add(name);
            } else if (form == null) {
                begun.faults.add("'" + name + "' " + parameter.shape() + " is missing" + Nearest.hint(name, others));
            } else if (form.dtype() != parameter.dtype()
                    || !Arrays.equals(form.shape(), parameter.shape().extents())) {
                begun.faults.add("'" + name + "' is there as " + form.dtype().label() + " "
                        + Arrays.toString(form.shape()) + ", and the model has it as "
                        + parameter.dtype().label() + " " + parameter.shape());
            }
        }
        others.stream().sorted().forEach(name -> {
            if (isOfHead(model, name)) {
                begun.leftOut.add(name);
            } else {
                begun.faults.add("'" + name + "' "
                        + Arrays.toString(there.get(name).shape()) + " is left over: the model has no such part");
            }
        });
        return begun;
    }

    /** Whether a parameter is of a head, which a model that begins with another's weights may have for itself. */
    static boolean isOfHead(Model model, String name) {
        int end = name.indexOf('.');
        return model.heads().contains(end < 0 ? name : name.substring(0, end));
    }
}
