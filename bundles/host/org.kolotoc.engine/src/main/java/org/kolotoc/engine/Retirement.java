package org.kolotoc.engine;

import java.util.List;
import java.util.function.LongPredicate;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Takes a bundle out, by its number, for the launcher, which shares no other type: says whether it is gone already. */
@Component(service = LongPredicate.class, property = "kolotoc.retires=bundle")
public final class Retirement implements LongPredicate {
    private final BundleContext context;
    private final Engine engine;

    @Activate
    public Retirement(BundleContext context, @Reference Engine engine) {
        this.context = context;
        this.engine = engine;
    }

    @Override
    public boolean test(long id) {
        Bundle bundle = context.getBundle(id);
        return bundle == null || engine.retire(List.of(bundle)).isEmpty();
    }
}
