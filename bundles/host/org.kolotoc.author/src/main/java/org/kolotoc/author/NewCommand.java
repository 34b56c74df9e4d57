package org.kolotoc.author;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.author.project.NewProject;
import org.kolotoc.author.project.PluginName;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.ExitCode;
import org.kolotoc.engine.command.Command;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Syntax;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.fill.Seats;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code kolotoc new}: makes the project of a plugin. */
@Component(
        service = ToIntFunction.class,
        property = {
            "kolotoc.command=new",
            "kolotoc.command.summary=makes the project of a plugin: a class that works, its test, an experiment"
        })
public final class NewCommand implements Command {
    private static final String OUT = "--out";
    private static final String PACKAGE = "--package";
    private static final Syntax SYNTAX = Syntax.of("new", "<kind> <name> [options]")
            .option(OUT, "<folder>", "where the project is made; a folder of the plugin's name if not given")
            .option(PACKAGE, "<name>", "of its class; the plugin's name without dashes if not given")
            .notes("kinds: " + String.join(", ", NewProject.KINDS) + "\n\n" + """
                The project builds and passes its test as it stands; change the class. docs/plugin has a page for each kind.

                examples:
                  ./kolotoc new model my-model
                  ./kolotoc new metric rhymes --out ~/plugins/rhymes --package org.example.rhymes
                """);

    private final BundleContext context;
    private final Engine engine;

    @Activate
    public NewCommand(BundleContext context, @Reference Engine engine) {
        this.context = context;
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return SYNTAX;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        return Work.guarded(() -> SYNTAX.run(arguments, System.out, this::make));
    }

    private int make(Line line) {
        List<String> words = line.files();
        if (words.size() != 2) {
            throw InputError.of(
                    "expected a kind of seat and a name, "
                            + (words.isEmpty() ? "nothing was given" : String.join(" ", words) + " was given"),
                    "./kolotoc new model my-model; kinds are " + String.join(", ", NewProject.KINDS));
        }
        String kind = words.getFirst();
        if (!NewProject.KINDS.contains(kind)) {
            throw InputError.of(
                    "there is no kind of seat '" + kind + "' to make a plugin of"
                            + Nearest.hint(kind, NewProject.KINDS),
                    "./kolotoc new <kind> " + words.getLast() + "; kinds are " + String.join(", ", NewProject.KINDS));
        }
        PluginName name = PluginName.of(words.getLast(), line.text(PACKAGE));
        refuseTaken(kind, name.id());
        NewProject project = new NewProject(kind, name, Path.of(property("kolotoc.home")));
        Path folder = Path.of(line.text(OUT).orElse(name.id()));
        project.write(folder);
        tell(kind, name, project, folder);
        return ExitCode.DONE.code();
    }

    /** Two plugins of a kind with one id can't be used in one process. */
    private void refuseTaken(String kind, String id) {
        for (Seats.Installed there : engine.seats().installed()) {
            if (there.kind().equals(kind) && there.id().equals(id)) {
                throw InputError.of(
                        "there is a " + kind + " '" + id + "' already, in the bundle " + there.bundle(),
                        "choose another name, as my-" + id);
            }
        }
        if (kind.equals("command") && Commands.names(context).contains(id)) {
            throw InputError.of(
                    "./kolotoc " + id + " is a command of the program, which goes first",
                    "choose another name, as my-" + id);
        }
    }

    private void tell(String kind, PluginName name, NewProject project, Path folder) {
        PrintStream out = System.out;
        out.println(name.id() + ", a plugin of the kind " + kind + ", is in " + folder + ": " + project.does());
        for (Map.Entry<String, String> file : project.files().entrySet()) {
            if (!file.getKey().startsWith(".")) {
                out.printf("  %5d lines  %s%n", file.getValue().lines().count(), file.getKey());
            }
        }
        String kolotoc = kolotoc();
        String jar = " --plugin " + project.jar();
        out.println("next:");
        out.println("  cd " + Printable.word(folder) + " && export JAVA_HOME="
                + Printable.word(System.getProperty("java.home")));
        out.println("  mvn verify");
        if (project.tried().isPresent()) {
            out.println("  " + kolotoc + " " + String.join(" ", project.tried().orElseThrow()) + jar);
            if (kind.equals("probe")) {
                out.println("  " + kolotoc + " probe " + name.id() + " --once      (from another terminal, meanwhile)");
            }
        } else {
            out.println("  " + kolotoc + " " + name.id() + " --help" + jar);
        }
        out.println(
                "  " + kolotoc + " feature install " + name.id() + " --from .      (for good; without --plugin then)");
    }

    /** The script, as it is typed from another folder. */
    private String kolotoc() {
        String project = context.getProperty("kolotoc.project");
        return project == null ? "kolotoc" : Printable.word(Path.of(project, "kolotoc"));
    }

    private String property(String name) {
        String value = context.getProperty(name);
        if (value == null) {
            throw InputError.of("the property " + name + " is not set", "start with ./kolotoc");
        }
        return value;
    }
}
