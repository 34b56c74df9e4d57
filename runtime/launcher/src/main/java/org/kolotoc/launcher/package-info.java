/**
 * Starts the framework with what the feature files list, runs one command in it and exits with its code.
 *
 * <p>The launcher shares no class with the bundles. It meets them through services of JDK types:
 * <ul>
 *   <li>A command is a {@code java.util.function.ToIntFunction<String[]>} (arguments in, exit code out) with the service
 *       properties {@code kolotoc.command} (its name), {@code kolotoc.command.summary} (one line for {@code --help}) and,
 *       when it ends by itself after a stop was asked for, {@code kolotoc.command.stoppable=true}, and how, in
 *       a few words, {@code kolotoc.command.stopping}. It prints to
 *       {@code System.out} and {@code System.err}.
 *   <li>The launcher offers a {@code java.util.function.BooleanSupplier} with the service property
 *       {@code kolotoc.stop=true}: true once Ctrl-C was pressed, or SIGTERM or SIGHUP came. A stoppable command asks it at
 *       every step boundary, saves and returns 130. Any other command is ended at once, as is one that is asked twice.
 *   <li>And a {@code java.util.function.Supplier<String>} with {@code kolotoc.words=true}: what completion needs of the
 *       launcher's own options (the first line) and of the script's commands (a line each: name, options; those that take
 *       a value end with {@code =}).
 *   <li>A {@code java.util.function.IntSupplier} with {@code kolotoc.columns=true}: the width of the terminal; and a
 *       {@code java.util.function.BooleanSupplier} with {@code kolotoc.terminal=out}: whether standard output is one, or
 *       may be.
 *   <li>A {@code java.util.function.LongFunction<String>} with {@code kolotoc.hashes=bundle}: SHA-256 of the jar that a
 *       bundle, named by its number, was installed from, whatever lies there now.
 *   <li>A {@code java.util.function.LongFunction<Path>} with {@code kolotoc.jars=bundle}: the framework's copy of that jar;
 *       and a {@code java.util.function.LongFunction<String>} with {@code kolotoc.origins=bundle}: who brought a bundle, the
 *       {@code program} or a person who {@code asked} for it with {@code --plugin}; an empty text for others.
 *   <li>A {@code java.util.function.Function<byte[], List<String>>} with {@code kolotoc.trusts=jar}: given the content of a
 *       jar, what keeps it from running here and the next command; nothing where it may run. Whoever installs a jar asks
 *       before.
 *   <li>A {@code java.util.function.Supplier<Map<String, String>>} with {@code kolotoc.leftOut=true}: jars in the folder
 *       of plugins that are no bundles or did not start, and why.
 *   <li>A {@code java.util.function.Supplier<Map<String, List<Path>>>} with {@code kolotoc.features=jars}: the jars of every
 *       feature of the runtime, installed or not.
 *   <li>The launcher asks for a {@code java.util.function.LongFunction<String>} with {@code kolotoc.explains=bundle}: in
 *       plain words, why the bundle of a number can't be used.
 *   <li>And for a {@code java.util.function.LongPredicate} with {@code kolotoc.retires=bundle}: takes out the bundle of a number
 *       once no run uses it, and says whether it is gone already.
 *   <li>Framework properties, read with {@code BundleContext.getProperty} and equal to system properties:
 *       {@code kolotoc.version}, {@code kolotoc.home} (the runtime's folder), {@code kolotoc.project} (the repository, where
 *       there is one) and {@code kolotoc.debug} ({@code true} when {@code --debug} was given); {@code kolotoc.trusted} may
 *       name the folder that notes which jars ran before, beside which a policy of the user lies.
 *   <li>The system property {@code kolotoc.note} may name a file; a command writes into it, in a line, how to go on should
 *       the process end under its hands.
 * </ul>
 *
 * <p>The features {@code core}, {@code cpu}, {@code text} and {@code shell} are always there, and {@code tornado} in a JVM
 * that was started with it (see {@link org.kolotoc.launcher.tornado}). One that brings commands which not everybody needs
 * names them in its file, in the extension {@code kolotoc.commands}, and is there when one of them is typed.
 *
 * <p>Plugins come after all features run, so none of them changes what the features are wired to. One that a person named
 * and that can't be used ends the command; one that lies in the folder {@code plugins} is told of and left out.
 *
 * <p>What was installed at run time is told by files in the runtime's folder {@code installed}, which the engine's package
 * {@code feature} writes: {@code current} holds the number of the state that holds, {@code state-<n>.json} lists its
 * features' jars ({@code features[].bundles[].file}), which lie in {@code jars}. They are treated as jars of the folder
 * {@code plugins} are.
 *
 * <p>The process speaks one language with the digits 0 to 9, whatever the user's is. Its exit code is the command's own, or
 * one of {@link org.kolotoc.develop.ExitCode}, where the table is; the script gives and hands on the same codes.
 */
package org.kolotoc.launcher;
