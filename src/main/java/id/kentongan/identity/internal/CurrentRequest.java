// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import id.kentongan.identity.Officers;
import id.kentongan.identity.Tenant;
import id.kentongan.identity.Tenants;
import id.kentongan.kernel.Actor;
import id.kentongan.kernel.OfficerId;
import id.kentongan.kernel.Refusal;
import id.kentongan.kernel.RefusalException;
import id.kentongan.kernel.TenantId;
import id.kentongan.site.spi.SiteContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Whose page and for whom: gives controllers their {@code Tenant} by host name and their {@code Actor} by session.
 * An officer's session counts only at the host of their own tenant.
 */
@Component
class CurrentRequest implements HandlerMethodArgumentResolver, SiteContext {
    private static final String TENANT = CurrentRequest.class.getName() + ".tenant";
    private static final String ACTOR = CurrentRequest.class.getName() + ".actor";

    private final Tenants tenants;
    private final Officers officers;

    CurrentRequest(Tenants tenants, Officers officers) {
        this.tenants = tenants;
        this.officers = officers;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        var type = parameter.getParameterType();
        return type == Actor.class || type == Tenant.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest web,
            @Nullable WebDataBinderFactory binder) {
        var request = web.getNativeRequest(HttpServletRequest.class);
        if (request == null) {
            throw new IllegalStateException("Not a servlet request");
        }
        if (parameter.getParameterType() == Tenant.class) {
            return tenant(request).orElseThrow(() -> Refusal.notFound().asException());
        }
        return actor(request).orElseThrow(() -> Refusal.notFound().asException());
    }

    Optional<Tenant> tenant(HttpServletRequest request) {
        if (request.getAttribute(TENANT) instanceof Tenant known) {
            return Optional.of(known);
        }
        var host = request.getHeader("Host");
        var found = host == null
                ? Optional.<Tenant>empty()
                : tenants.byHost(host).or(() -> tenants.byHost(request.getServerName()));
        if (found.isEmpty() && isLoopback(request.getServerName())) {
            var all = tenants.all();
            found = all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
        }
        found.ifPresent(tenant -> request.setAttribute(TENANT, tenant));
        return found;
    }

    Optional<Actor> actor(HttpServletRequest request) {
        if (request.getAttribute(ACTOR) instanceof Actor known) {
            return Optional.of(known);
        }
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication == null || !(authentication.getPrincipal() instanceof SignedIn signedIn)) {
            return Optional.empty();
        }
        var here = tenant(request);
        if (here.isEmpty()
                || !here.get().id().value().equals(signedIn.tenant())
                || !(signedIn.secondFactor() || here.get().demonstration())) {
            return Optional.empty();
        }
        try {
            var actor = officers.actorOf(new TenantId(signedIn.tenant()), new OfficerId(signedIn.officer()));
            request.setAttribute(ACTOR, actor);
            return Optional.of(actor);
        } catch (RefusalException left) {
            return Optional.empty();
        }
    }

    private static boolean isLoopback(String name) {
        return name.equals("localhost") || name.startsWith("127.") || name.equals("[::1]") || name.equals("::1");
    }

    @Override
    public Optional<Place> place(HttpServletRequest request) {
        return tenant(request)
                .map(tenant -> new Place(
                        tenant.id(), tenant.name(), tenant.shortName(), tenant.zone(), tenant.demonstration()));
    }

    @Override
    public Optional<Person> person(HttpServletRequest request) {
        return actor(request).map(actor -> new Person(actor, actor.name()));
    }
}
