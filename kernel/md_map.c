// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the process sees of the windows, page by page: a mirror page, device
 * registers, or SIGBUS. A wild pointer faults instead of reading zeros.
 *
 * Each session has an address_space of its own, so that one session's pages
 * can be unmapped by kernel address from any context that may sleep, without
 * that process's mmap lock.
 */
#include <linux/io.h>
#include <linux/slab.h>
#include <linux/version.h>
#include "md_runtime.h"

#define MD_WIN_PAGE_SHIFT	(47 - PAGE_SHIFT)

static loff_t md_offset_of(int window, u64 k)
{
	return MD_WIN_OFFSET(window) + (k - md_window_base(window));
}

static vm_fault_t md_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct md_session *s = vma->vm_file->private_data;
	int window = vmf->pgoff >> MD_WIN_PAGE_SHIFT;
	u64 offset = (vmf->pgoff & ((1ULL << MD_WIN_PAGE_SHIFT) - 1)) << PAGE_SHIFT;
	vm_fault_t ret = VM_FAULT_SIGBUS;
	struct md_page *page;
	u64 k;

	if (window >= MD_WIN_COUNT || offset >= md_window_size(window))
		return VM_FAULT_SIGBUS;
	k = md_window_base(window) + offset;

	down_read(&s->map);
	if (READ_ONCE(s->dead))
		goto out;
	page = xa_load(&s->pages, k >> PAGE_SHIFT);
	if (page) {
		ret = vmf_insert_pfn(vma, vmf->address,
				     page_to_pfn(virt_to_page(page->mirror)));
	} else if (s->driver && md_mmio_mapped(s->driver, k)) {
		unsigned long pfn = slow_virt_to_phys((void *)k) >> PAGE_SHIFT;

		ret = vmf_insert_pfn_prot(vma, vmf->address, pfn,
					  pgprot_noncached(vma->vm_page_prot));
	}
out:
	up_read(&s->map);
	return ret;
}

static int md_may_split(struct vm_area_struct *vma, unsigned long address)
{
	return -EINVAL;
}

static int md_mremap(struct vm_area_struct *vma)
{
	return -EINVAL;
}

static const struct vm_operations_struct md_vm_ops = {
	.fault = md_fault,
	.may_split = md_may_split,
	.mremap = md_mremap,
};

static void md_vm_flags(struct vm_area_struct *vma, unsigned long set, unsigned long clear)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_mod(vma, set, clear);
#else
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
#endif
}

int md_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct md_session *s = file->private_data;
	unsigned long window = vma->vm_pgoff >> MD_WIN_PAGE_SHIFT;
	int err = 0;

	if (window >= MD_WIN_COUNT || vma->vm_pgoff != window << MD_WIN_PAGE_SHIFT ||
	    vma->vm_end - vma->vm_start != md_window_size(window))
		return -EINVAL;
	if (!(vma->vm_flags & VM_SHARED) || (vma->vm_flags & VM_EXEC))
		return -EACCES;
	if (current->mm != s->mm)
		return -EPERM;

	spin_lock(&s->lock);
	if (s->driver || s->window[window])
		err = -EBUSY;
	else
		s->window[window] = vma->vm_start;
	spin_unlock(&s->lock);
	if (err)
		return err;
	md_vm_flags(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP | VM_DONTCOPY,
		    VM_MAYEXEC);
	vma->vm_ops = &md_vm_ops;
	return 0;
}

/* ---- mirror pages (under session->sync) --------------------------------------- */

static void md_page_free(struct md_page *page)
{
	free_page((unsigned long)page->mirror);
	free_page((unsigned long)page->twin);
	kfree(page);
}

struct md_page *md_page_get(struct md_session *s, u64 k, bool create)
{
	struct md_page *page = xa_load(&s->pages, k >> PAGE_SHIFT);

	if (page || !create)
		return page;
	if (s->page_count >= MD_PAGES_MAX)
		return NULL;
	page = kzalloc(sizeof(*page), GFP_NOIO);
	if (!page)
		return NULL;
	page->address = round_down(k, PAGE_SIZE);
	page->mirror = (void *)get_zeroed_page(GFP_NOIO);
	page->twin = (void *)get_zeroed_page(GFP_NOIO);
	if (!page->mirror || !page->twin ||
	    xa_is_err(xa_store(&s->pages, k >> PAGE_SHIFT, page, GFP_NOIO))) {
		md_page_free(page);
		return NULL;
	}
	s->page_count++;
	return page;
}

/* When no activation is left: drops mirrors of what is nobody's allocation. */
void md_pages_trim(struct md_session *s)
{
	struct md_page *page, *doomed = NULL;
	unsigned long index;
	bool kept;

	if (s->page_count <= MD_PAGES_KEEP)
		return;
	down_write(&s->map);
	xa_for_each(&s->pages, index, page) {
		spin_lock(&s->driver->lock);
		kept = md_range_first(&s->driver->allocs, page->address,
				      page->address + PAGE_SIZE - 1);
		spin_unlock(&s->driver->lock);
		if (kept)
			continue;
		xa_erase(&s->pages, index);
		s->page_count--;
		page->next = doomed;
		doomed = page;
	}
	up_write(&s->map);
	while ((page = doomed)) {
		doomed = page->next;
		md_revoke(s, page->address, PAGE_SIZE);
		md_page_free(page);
	}
}

/* No mapping is left. */
void md_pages_free(struct md_session *s)
{
	struct md_page *page;
	unsigned long index;

	xa_for_each(&s->pages, index, page)
		md_page_free(page);
	xa_destroy(&s->pages);
	s->page_count = 0;
}

/* Makes [k, k + size) of the mirror zero and clean. */
void md_scrub(struct md_session *s, u64 k, u64 size)
{
	unsigned long index;
	struct md_page *page;
	u64 end = k + size;

	xa_for_each_range(&s->pages, index, page, k >> PAGE_SHIFT, (end - 1) >> PAGE_SHIFT) {
		u64 from = max(k, page->address);
		u64 to = min(end, page->address + PAGE_SIZE);

		memset(page->mirror + (from - page->address), 0, to - from);
		memset(page->twin + (from - page->address), 0, to - from);
	}
}

/* ---- revoking ------------------------------------------------------------------ */

void md_revoke(struct md_session *s, u64 k, u64 size)
{
	int window = md_window_of(k);

	if (window < 0)
		return;
	size += k & ~PAGE_MASK;
	unmap_mapping_range(&s->mapping, md_offset_of(window, k & PAGE_MASK),
			    round_up(size, PAGE_SIZE), 1);
}

/* Called once session->dead is set: no fault inserts a page after this. */
void md_revoke_all(struct md_session *s)
{
	int window;

	down_write(&s->map);
	up_write(&s->map);
	for (window = 0; window < MD_WIN_COUNT; window++)
		unmap_mapping_range(&s->mapping, MD_WIN_OFFSET(window),
				    md_window_size(window), 1);
}
