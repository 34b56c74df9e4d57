package org.kolotoc.engine.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.felix.utils.resource.RequirementImpl;
import org.apache.felix.utils.resource.ResourceImpl;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;
import org.osgi.resource.Wire;
import org.osgi.resource.Wiring;
import org.osgi.service.resolver.ResolutionException;
import org.osgi.service.resolver.ResolveContext;
import org.osgi.service.resolver.Resolver;

/** What a feature takes besides is installed and written down in the order of who offers it, whatever the resolver's is. */
final class ResolutionTest {
    private static List<Resource> resources(String name, int count) {
        return IntStream.range(0, count)
                .<Resource>mapToObj(i -> new ResourceImpl(name + i, "osgi.bundle", new Version(1, i, 0)))
                .toList();
    }

    /** A framework that has nothing but this resolver. */
    private static Resolution resolution(Resolver resolver) {
        return new Resolution((BundleContext) Proxy.newProxyInstance(
                ResolutionTest.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (_, method, _) -> switch (method.getName()) {
                    case "getBundles" -> new Bundle[0];
                    case "getService" -> resolver;
                    default -> null;
                }));
    }

    /** A resolver whose answer is in no order. */
    private record Answer(Collection<Resource> taken, Collection<Requirement> lacking) implements Resolver {
        @Override
        public Map<Resource, List<Wire>> resolve(ResolveContext context) throws ResolutionException {
            if (!lacking.isEmpty()) {
                throw new ResolutionException("not all", null, lacking);
            }
            Map<Resource, List<Wire>> wires = new IdentityHashMap<>();
            taken.forEach(resource -> wires.put(resource, List.of()));
            return wires;
        }

        @Override
        public Map<Resource, List<Wire>> resolveDynamic(ResolveContext context, Wiring wiring, Requirement need) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void whatIsTakenBesidesComesInTheOrderOfWhoOffersIt() {
        List<Resource> wanted = resources("wanted", 3);
        List<Resource> more = resources("more", 15).reversed();
        List<Resource> expected = new ArrayList<>(wanted);
        expected.addAll(more.subList(0, 6));
        expected.addAll(more.subList(8, 14));
        assertEquals(expected, resolution(new Answer(expected, List.of())).of("feature", wanted, more, "here"));
    }

    @Test
    void whatIsLackingComesInTheOrderOfWhoNeedsIt() {
        List<Resource> wanted = resources("wanted", 9);
        List<Requirement> needs = wanted.reversed().stream()
                .<Requirement>map(resource -> new RequirementImpl(
                        resource, PackageNamespace.PACKAGE_NAMESPACE, "(osgi.wiring.package=org.example.absent)"))
                .toList();
        String message = assertThrows(
                        InputError.class,
                        () -> resolution(new Answer(List.of(), needs)).of("feature", wanted, List.of(), "here"))
                .getMessage();
        assertEquals(
                wanted.stream().map(Index::name).toList(),
                message.lines().skip(1).map(line -> line.strip().split(" ")[0]).toList(),
                message);
    }
}
