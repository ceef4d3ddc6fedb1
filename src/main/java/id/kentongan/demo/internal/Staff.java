// SPDX-License-Identifier: Apache-2.0
package id.kentongan.demo.internal;

import id.kentongan.kernel.Actor;
import id.kentongan.kernel.AgencyId;
import java.util.List;
import java.util.Map;

/** Who works: the desk in turn, its supervisor, and one liaison officer per agency, by its code. */
record Staff(List<Actor> desk, Actor supervisor, Map<String, Actor> liaison, Map<String, AgencyId> agencies) {
    /** The same officer through one conversation; what is secret goes to the supervisor, who is in the circle. */
    Actor atDesk(Story story) {
        return story.secret() ? supervisor : desk.get(Math.floorMod(story.number, desk.size()));
    }

    AgencyId agency(String code) {
        var id = agencies.get(code);
        if (id == null) {
            throw new IllegalStateException("No agency " + code);
        }
        return id;
    }
}
