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
  for (const place of places) L.circleMarker(place.at, { radius: 5, className: "map__place", interactive: false }).addTo(map);
  for (const option of district.querySelectorAll("option[data-lat]")) {
    L.tooltip({ permanent: true, direction: "top", className: "map__name", interactive: false })
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
