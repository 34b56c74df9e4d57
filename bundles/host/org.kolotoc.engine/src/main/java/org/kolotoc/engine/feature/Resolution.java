package org.kolotoc.engine.feature;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.felix.utils.resource.RequirementImpl;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.need.Explainer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.resource.Capability;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;
import org.osgi.resource.Wiring;
import org.osgi.service.resolver.HostedCapability;
import org.osgi.service.resolver.ResolutionException;
import org.osgi.service.resolver.ResolveContext;
import org.osgi.service.resolver.Resolver;

/**
 * What has to be installed so that some bundles resolve beside what is there: found by the framework's own resolver, from
 * manifests and indexes; nothing is installed for it.
 *
 * @param context of whoever asks
 */
record Resolution(BundleContext context) {
    /**
     * Finds it.
     *
     * @param wanted bundles that have to be there
     * @param more bundles that may be taken besides
     * @return the wanted, then those of the others that it takes, both in the order in which they are given
     * @throws InputError naming what is needed and offered by nobody
     */
    List<Resource> of(String name, Collection<Resource> wanted, Collection<Resource> more, String from) {
        Resolver resolver = context.getService(context.getServiceReference(Resolver.class));
        Problem problem = new Problem(wanted, more);
        try {
            Set<Resource> taken = resolver.resolve(problem).keySet();
            List<Resource> all = new ArrayList<>(wanted);
            more.stream().filter(taken::contains).forEach(all::add);
            return all;
        } catch (ResolutionException e) {
            List<String> lines = e.getUnresolvedRequirements().stream()
                    .map(need -> "  " + Index.name(need.getResource()) + " " + Index.version(need.getResource())
                            + " needs " + Explainer.wanted(need) + "; " + there(problem, need, from))
                    .distinct()
                    .sorted()
                    .toList();
            throw InputError.of(
                    "the feature " + name + " can't be installed: it does not resolve\n"
                            + (lines.isEmpty()
                                    ? "  each need is offered, but not all together: two versions of one package meet"
                                    : String.join("\n", lines)),
                    "add what is needed to the feature, or build it against the versions that are here; nothing was"
                            + " installed",
                    e);
        }
    }

    private static String there(Problem problem, Requirement need, String from) {
        return problem.findProviders(need).isEmpty()
                ? "neither what is installed nor " + from + " offers it"
                : "who offers it does not resolve itself";
    }

    /** The bundles that are there, those that are wanted, and those that may be taken. */
    private final class Problem extends ResolveContext {
        private final Collection<Resource> wanted;
        private final List<Resource> candidates = new ArrayList<>();
        private final Map<Resource, Wiring> wirings = new LinkedHashMap<>();

        Problem(Collection<Resource> wanted, Collection<Resource> more) {
            this.wanted = wanted;
            for (Bundle bundle : context.getBundles()) {
                BundleWiring wiring = bundle.adapt(BundleWiring.class);
                if (wiring != null && wiring.isInUse()) {
                    wirings.put(wiring.getRevision(), wiring);
                    candidates.add(wiring.getRevision());
                }
            }
            candidates.addAll(wanted);
            candidates.addAll(more);
        }

        @Override
        public Collection<Resource> getMandatoryResources() {
            return List.copyOf(wanted);
        }

        @Override
        public List<Capability> findProviders(Requirement need) {
            RequirementImpl asked = new RequirementImpl(need.getResource(), need);
            List<Capability> found = new ArrayList<>();
            for (Resource candidate : candidates) {
                Collection<? extends Capability> offers = candidate instanceof BundleRevision revision
                        ? wirings.get(revision).getResourceCapabilities(need.getNamespace())
                        : candidate.getCapabilities(need.getNamespace());
                offers.stream().filter(asked::matches).forEach(found::add);
            }
            return found;
        }

        @Override
        public int insertHostedCapability(List<Capability> capabilities, HostedCapability hosted) {
            capabilities.add(hosted);
            return capabilities.size() - 1;
        }

        @Override
        public boolean isEffective(Requirement need) {
            String effective = need.getDirectives().get(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE);
            return effective == null || effective.equals(Namespace.EFFECTIVE_RESOLVE);
        }

        @Override
        public Map<Resource, Wiring> getWirings() {
            return Collections.unmodifiableMap(wirings);
        }
    }
}
