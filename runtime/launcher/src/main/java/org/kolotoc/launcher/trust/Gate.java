package org.kolotoc.launcher.trust;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Where every jar has to pass that is to become a bundle. Asked with its bytes before it is installed, it says what is wrong
 * and the next command, nothing where it may run; and it is asked by the framework about whatever is to resolve, so that no
 * door was forgotten.
 */
public final class Gate implements Function<byte[], List<String>>, ResolverHookFactory, ResolverHook {
    private final List<Policy> policies;
    private final Path scratch;
    private final LongFunction<List<Path>> copies;
    private final Predicate<Bundle> own;

    /** When a bundle was last changed that may resolve. */
    private final Map<Bundle, Long> known = new ConcurrentHashMap<>();

    /**
     * Makes one.
     *
     * @param policies all of which hold
     * @param scratch a folder that nobody else may enter
     * @param copies the framework's copies of the jars of a bundle, by its number
     * @param own whether a bundle is a part of the program
     */
    public Gate(List<Policy> policies, Path scratch, LongFunction<List<Path>> copies, Predicate<Bundle> own) {
        this.policies = List.copyOf(policies);
        this.scratch = scratch;
        this.copies = copies;
        this.own = own;
    }

    /** Whether it lets everything pass. */
    public boolean isOpen() {
        return policies.isEmpty();
    }

    @Override
    public List<String> apply(byte[] jar) {
        if (isOpen()) {
            return List.of();
        }
        try {
            Path file = Files.createTempFile(scratch, "jar", ".jar");
            try {
                Files.write(file, jar);
                require(file);
                return List.of();
            } finally {
                Files.delete(file);
            }
        } catch (Distrust e) {
            return List.of(e.getMessage(), e.next());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void require(Path file) throws Distrust {
        for (Policy policy : policies) {
            policy.require(file);
        }
    }

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        return this;
    }

    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {
        candidates.removeIf(candidate -> !mayResolve(candidate.getBundle()));
    }

    private boolean mayResolve(Bundle bundle) {
        if (bundle.getBundleId() == 0 || own.test(bundle)) {
            return true;
        }
        known.keySet().removeIf(one -> one.getState() == Bundle.UNINSTALLED);
        long changed = bundle.getLastModified();
        if (!Long.valueOf(changed).equals(known.get(bundle)) && isTrusted(bundle)) {
            known.put(bundle, changed);
        }
        return Long.valueOf(changed).equals(known.get(bundle));
    }

    private boolean isTrusted(Bundle bundle) {
        List<Path> all = copies.apply(bundle.getBundleId());
        try {
            for (Path copy : all) {
                require(copy);
            }
            return !all.isEmpty();
        } catch (Distrust _) {
            return false;
        }
    }

    @Override
    public void filterSingletonCollisions(BundleCapability singleton, Collection<BundleCapability> collisions) {}

    @Override
    public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {}

    @Override
    public void end() {}
}
