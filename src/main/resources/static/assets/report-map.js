// SPDX-License-Identifier: Apache-2.0
// The pin on the report form: a map drawn from the villages in the form's own list, with no picture fetched from
// anyone. It only helps: the lists above it say the same, and stay the way for those without a mouse.
(() => {
  "use strict";
  const box = document.querySelector("[data-map]");
  const village = document.getElementById("village");
  const district = document.getElementById("district");
  if (!box || !window.L || !village) return;
  // The list of villages may have been shortened by the chosen district: read the places before that happens.
  const places = (window.kentonganPlaces ?? [...village.querySelectorAll("option[data-lat]")]
    .map(o => ({ code: o.value, name: o.textContent, of: o.closest("optgroup")?.dataset.of, at: [Number(o.dataset.lat), Number(o.dataset.lon)] })));
  if (!places.length) return;
  box.hidden = false;
  const [lat, lon] = ["lat", "lon"].map(n => box.querySelector(`[name=${n}]`));
  const status = box.querySelector("[data-map-status]");
  const hint = status.textContent;
  const clear = box.querySelector("[data-map-clear]");
  const map = L.map("map", { attributionControl: false, zoomSnap: 0.5, scrollWheelZoom: false });
  const all = L.latLngBounds(places.map(p => p.at));
  map.fitBounds(all.pad(0.12));
  map.setMaxBounds(all.pad(1));
  // The map: to each village what lies nearer to it than to any other, to each district its villages. Drawn from
  // the list of places alone: not a surveyed border, but enough to find oneself, and nobody's picture is fetched.
  const turn = (o, a, b) => (a[1] - o[1]) * (b[0] - o[0]) - (a[0] - o[0]) * (b[1] - o[1]);
  const half = points => points.reduce((line, p) => {
    while (line.length > 1 && turn(line[line.length - 2], line[line.length - 1], p) <= 0) line.pop();
    return line.concat([p]);
  }, []);
  const hull = points => {
    const sorted = [...points].sort((a, b) => a[1] - b[1] || a[0] - b[0]);
    return half(sorted).slice(0, -1).concat(half([...sorted].reverse()).slice(0, -1));
  };
  const wide = Math.max(all.getNorth() - all.getSouth(), all.getEast() - all.getWest(), 0.02) / 9;
  const outer = hull(places.flatMap(({ at: [y, x] }) =>
    Array.from({ length: 16 }, (_, n) => [y + wide * Math.sin(n * Math.PI / 8), x + wide * Math.cos(n * Math.PI / 8)])));
  // Of a polygon the part nearer to p than to q; each corner remembers whose border leads on from it.
  const nearer = (polygon, p, q) => {
    const side = ([y, x]) => (q.at[0] - p.at[0]) * (y - (p.at[0] + q.at[0]) / 2) + (q.at[1] - p.at[1]) * (x - (p.at[1] + q.at[1]) / 2);
    return polygon.flatMap((from, n) => {
      const to = polygon[(n + 1) % polygon.length];
      const [f, t] = [side(from.at), side(to.at)];
      const cut = () => from.at.map((v, i) => v + (to.at[i] - v) * f / (f - t));
      if (f <= 0) return t > 0 ? [from, { at: cut(), by: q }] : [from];
      return t <= 0 ? [{ at: cut(), by: from.by }] : [];
    });
  };
  const borders = { village: [], district: [] };
  for (const place of places) {
    const cell = places.reduce((left, other) => other === place ? left : nearer(left, place, other), outer.map(at => ({ at, by: null })));
    if (cell.length < 3) continue;
    L.polygon(cell.map(c => c.at), { className: "map__district", interactive: false, smoothFactor: 0 }).addTo(map);
    cell.forEach((corner, n) => borders[corner.by && corner.by.of === place.of ? "village" : "district"].push([corner.at, cell[(n + 1) % cell.length].at]));
  }
  L.polyline(borders.village, { className: "map__border", interactive: false, smoothFactor: 0 }).addTo(map);
  L.polyline(borders.district, { className: "map__border map__border--district", interactive: false, smoothFactor: 0 }).addTo(map);
  for (const place of places) L.circleMarker(place.at, { radius: 3, className: "map__place", interactive: false }).addTo(map);
  for (const option of district.querySelectorAll("option[data-lat]")) {
    L.tooltip({ permanent: true, direction: "center", className: "map__name", interactive: false })
      .setLatLng([Number(option.dataset.lat), Number(option.dataset.lon)]).setContent(document.createTextNode(option.textContent).textContent.replace(/[<>&]/g, "")).addTo(map);
  }
  let pin = null;
  const nearest = at => places.reduce((best, p) => map.distance(at, p.at) < map.distance(at, best.at) ? p : best);
  const put = (at, choose) => {
    lat.value = at.lat.toFixed(6);
    lon.value = at.lng.toFixed(6);
    if (pin) pin.setLatLng(at);
    else pin = L.circleMarker(at, { radius: 10, className: "map__pin", interactive: false }).addTo(map);
    const near = nearest(at);
    clear.hidden = false;
    status.textContent = box.dataset.pinText.replace("{0}", near.name);
    if (choose) {
      if (near.of) { district.value = near.of; district.dispatchEvent(new Event("change", { bubbles: true })); }
      village.value = near.code;
      village.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };
  map.on("click", event => put(event.latlng, true));
  // Without a mouse: arrows move the map under its cross, Enter puts the pin there.
  map.getContainer().addEventListener("keydown", event => {
    if (event.key !== "Enter" || event.target !== map.getContainer()) return;
    event.preventDefault();
    put(map.getCenter(), true);
  });
  clear.addEventListener("click", () => {
    lat.value = lon.value = "";
    if (pin) { pin.remove(); pin = null; }
    clear.hidden = true;
    status.textContent = hint;
  });
  const look = () => {
    const chosen = places.filter(p => p.code === village.value || (!village.value && p.of === district.value));
    if (chosen.length && !pin) map.fitBounds(L.latLngBounds(chosen.map(p => p.at)).pad(0.6), { maxZoom: 14, animate: false });
  };
  village.addEventListener("change", look);
  district.addEventListener("change", look);
  if (lat.value && lon.value) put(L.latLng(Number(lat.value), Number(lon.value)), false);
})();
